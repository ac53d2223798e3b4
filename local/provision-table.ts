import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ResourceInUseException,
  ResourceNotFoundException,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { type ConnectionOptions, connectionTo } from '../sdk/aws/connection.ts';
import { isAwsError } from '../sdk/aws/error-name.ts';
import { OperationalError } from '../sdk/errors/index.ts';
import { systemClock } from '../sdk/ports/clock.ts';

const longestWaitMs = 60_000;
const longestPauseMs = 1_000;

/**
 * Creates the table if it is missing, waits until it is active, and switches on its time to live where the endpoint has that.
 *
 * @throws OperationalError if it is not active after a minute.
 */
export async function provisionTable(tableName: string, connection: ConnectionOptions): Promise<void> {
  const dynamoDb = new DynamoDBClient(connectionTo('DYNAMODB', connection));
  try {
    await createTable(dynamoDb, tableName);
    await untilActive(dynamoDb, tableName);
    await enableTimeToLive(dynamoDb, tableName);
  } finally {
    dynamoDb.destroy();
  }
}

async function createTable(dynamoDb: DynamoDBClient, TableName: string): Promise<void> {
  const command = new CreateTableCommand({
    TableName,
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
  try {
    await dynamoDb.send(command);
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
}

/** The SDK's own waiter pauses for whole seconds, and a local table is ready after a millisecond. */
async function untilActive(dynamoDb: DynamoDBClient, tableName: string): Promise<void> {
  const deadline = Date.now() + longestWaitMs;
  for (let pauseMs = 10; Date.now() < deadline; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    if ((await statusOf(dynamoDb, tableName)) === 'ACTIVE') return;
    await systemClock.sleep(pauseMs);
  }
  throw new OperationalError(`Table '${tableName}' did not become active within ${longestWaitMs} ms.`);
}

async function statusOf(dynamoDb: DynamoDBClient, TableName: string): Promise<string | undefined> {
  try {
    const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName }));
    return Table?.TableStatus;
  } catch (error) {
    // Right after its creation, a table may not be known everywhere yet.
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function enableTimeToLive(dynamoDb: DynamoDBClient, TableName: string): Promise<void> {
  try {
    const { TimeToLiveDescription } = await dynamoDb.send(new DescribeTimeToLiveCommand({ TableName }));
    if (TimeToLiveDescription?.TimeToLiveStatus !== 'DISABLED') return;
    const TimeToLiveSpecification = { AttributeName: 'ttl', Enabled: true };
    await dynamoDb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
  } catch (error) {
    // Some emulators do not have it. Readers check the time anyway.
    if (!isAwsError(error, 'UnknownOperationException')) throw error;
  }
}
