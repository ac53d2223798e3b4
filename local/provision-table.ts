import type { ConnectionOptions } from '../sdk/aws/connection.ts';
import { isAwsError } from '../sdk/aws/http/aws-error.ts';
import { type JsonCalls, jsonCalls, type Operation } from '../sdk/aws/http/json-calls.ts';
import { OperationalError } from '../sdk/errors/index.ts';
import { systemClock } from '../sdk/ports/clock.ts';

const longestWaitMs = 60_000;
const longestPauseMs = 1_000;

interface Named {
  readonly TableName: string;
}

interface TableOperations {
  CreateTable: Operation<NewTable, object>;
  DescribeTable: Operation<Named, { readonly Table?: { readonly TableStatus?: string } }>;
  DescribeTimeToLive: Operation<
    Named,
    { readonly TimeToLiveDescription?: { readonly TimeToLiveStatus?: string } }
  >;
  UpdateTimeToLive: Operation<
    Named & {
      readonly TimeToLiveSpecification: { readonly AttributeName: string; readonly Enabled: boolean };
    },
    object
  >;
}

interface NewTable extends Named {
  readonly AttributeDefinitions: readonly {
    readonly AttributeName: string;
    readonly AttributeType: string;
  }[];
  readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[];
  readonly BillingMode: string;
}

type DynamoDb = JsonCalls<TableOperations>;

/**
 * Creates the table if it is missing, waits until it is active, and switches on its time to live where the endpoint has that.
 *
 * @throws OperationalError if it is not active after a minute.
 */
export async function provisionTable(tableName: string, connection: ConnectionOptions): Promise<void> {
  const dynamoDb = jsonCalls<TableOperations>({ ...connection, service: 'dynamodb' });
  try {
    await createTable(dynamoDb, tableName);
    await untilActive(dynamoDb, tableName);
    await enableTimeToLive(dynamoDb, tableName);
  } finally {
    await dynamoDb.close();
  }
}

async function createTable(dynamoDb: DynamoDb, TableName: string): Promise<void> {
  const table = {
    TableName,
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  };
  try {
    await dynamoDb.call('CreateTable', table);
  } catch (error) {
    if (!isAwsError(error, 'ResourceInUseException')) throw error;
  }
}

/** Soon at first: a local table is ready after a millisecond. */
async function untilActive(dynamoDb: DynamoDb, tableName: string): Promise<void> {
  const deadline = Date.now() + longestWaitMs;
  for (let pauseMs = 10; Date.now() < deadline; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    if ((await statusOf(dynamoDb, tableName)) === 'ACTIVE') return;
    await systemClock.sleep(pauseMs);
  }
  throw new OperationalError(`Table '${tableName}' did not become active within ${longestWaitMs} ms.`);
}

async function statusOf(dynamoDb: DynamoDb, TableName: string): Promise<string | undefined> {
  try {
    const { Table } = await dynamoDb.call('DescribeTable', { TableName });
    return Table?.TableStatus;
  } catch (error) {
    // Right after its creation, a table may not be known everywhere yet.
    if (isAwsError(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
}

async function enableTimeToLive(dynamoDb: DynamoDb, TableName: string): Promise<void> {
  try {
    const { TimeToLiveDescription } = await dynamoDb.call('DescribeTimeToLive', { TableName });
    if (TimeToLiveDescription?.TimeToLiveStatus !== 'DISABLED') return;
    const TimeToLiveSpecification = { AttributeName: 'ttl', Enabled: true };
    await dynamoDb.call('UpdateTimeToLive', { TableName, TimeToLiveSpecification });
  } catch (error) {
    // Some emulators do not have it. Readers check the time anyway.
    if (!isAwsError(error, 'UnknownOperationException')) throw error;
  }
}
