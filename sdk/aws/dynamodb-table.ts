import { ConfigurationError } from '../errors/index.ts';
import type { Answer } from '../ports/queues.ts';
import type { Change, Condition, Item, Table } from '../ports/table.ts';
import { toAttributes, toItem } from './attribute-value.ts';
import { conditionExpression, together, updateExpression } from './expressions.ts';
import { isAwsError } from './http/aws-error.ts';
import { readBatch } from './read-batch.ts';
import type { TableParts } from './table-parts.ts';

/** The table on DynamoDB. A table that is missing gives a ConfigurationError. */
export function dynamoDbTable(parts: TableParts): Table {
  const { tableName, dynamoDb } = parts;
  const named = <T>(request: () => Promise<T>) => naming(tableName, request);
  return {
    read: (ids, { consistent = false } = {}) => named(() => readBatch(parts, ids, consistent)),
    put: (item, condition) => named(() => putItem(parts, item, condition)),
    putAll: (items) => named(() => putItems(parts, items)),
    change: (id, change, condition) => named(() => updateItem(parts, { id, change, condition })),
    delete: (id) =>
      named(async () => {
        await dynamoDb().call('DeleteItem', { TableName: tableName, Key: { id: { S: id } } });
      }),
  };
}

async function naming<T>(tableName: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (!isAwsError(error, 'ResourceNotFoundException')) throw error;
    throw new ConfigurationError(
      `Expected a table named '${tableName}', found none at this endpoint and region. Deploy the app, or start the local cloud.`,
      { cause: error },
    );
  }
}

async function putItem(
  { tableName, dynamoDb }: TableParts,
  item: Item,
  condition?: Condition,
): Promise<boolean> {
  const expression = condition ? conditionExpression(condition) : {};
  const done = await ifHolds(() =>
    dynamoDb().call('PutItem', { TableName: tableName, Item: toAttributes(item), ...expression }),
  );
  return done !== undefined;
}

/**
 * An answer may get lost on its way; then we ask again, and the condition meets our own first write: `undefined`
 * can mean "already written by this very call".
 */
async function ifHolds<T>(request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await request();
  } catch (error) {
    if (isAwsError(error, 'ConditionalCheckFailedException')) return undefined;
    throw error;
  }
}

/** DynamoDB hands back what it had no capacity for; the caller decides when to try those again. */
async function putItems(
  { tableName, dynamoDb }: TableParts,
  items: readonly Item[],
): Promise<readonly Answer[]> {
  if (items.length === 0) return [];
  const requests = items.map((item) => ({ PutRequest: { Item: toAttributes(item) } }));
  const { UnprocessedItems } = await dynamoDb().call('BatchWriteItem', {
    RequestItems: { [tableName]: requests },
  });
  const unwritten = new Set(UnprocessedItems?.[tableName]?.map(({ PutRequest }) => PutRequest?.Item?.id?.S));
  return items.map(({ id }) => (unwritten.has(id) ? unprocessed : { ok: true }));
}

const unprocessed: Answer = {
  ok: false,
  code: 'Unprocessed',
  message: 'The table had no capacity for this row.',
  retryable: true,
};

interface Update {
  readonly id: string;
  readonly change: Change;
  readonly condition: Condition | undefined;
}

async function updateItem(
  { tableName, dynamoDb }: TableParts,
  { id, change, condition }: Update,
): Promise<Item | undefined> {
  const row = { TableName: tableName, Key: { id: { S: id } }, ReturnValues: 'ALL_NEW' } as const;
  const expressions = together(updateExpression(change), condition ? conditionExpression(condition) : {});
  const answer = await ifHolds(() => dynamoDb().call('UpdateItem', { ...row, ...expressions }));
  return answer && toItem(answer.Attributes ?? {});
}
