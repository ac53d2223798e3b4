import { OperationalError } from '../errors/index.ts';
import type { Item } from '../ports/table.ts';
import { toItem } from './attribute-value.ts';
import type { Attributes } from './dynamodb-operations.ts';
import type { TableParts } from './table-parts.ts';

type Keys = readonly Attributes[];

/** Answers in a row that bring no row at all, until we give up: about 10 seconds. */
const maxEmptyAnswers = 8;
const firstPauseMs = 50;

/**
 * Reads rows, and asks again for those that did not fit into one answer (16 MB) or found no capacity.
 *
 * @throws OperationalError if the table answers with nothing again and again.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
 */
export async function readBatch(parts: TableParts, ids: readonly string[], consistent: boolean) {
  const items: Item[] = [];
  let emptyAnswers = 0;
  for (let keys: Keys = ids.map((id) => ({ id: { S: id } })); keys.length > 0; ) {
    const answer = await ask(parts, keys, consistent);
    items.push(...answer.items);
    emptyAnswers = answer.items.length > 0 ? 0 : emptyAnswers + 1;
    keys = answer.unread;
    if (keys.length > 0 && emptyAnswers > 0) await pause(parts, emptyAnswers, keys.length);
  }
  return items;
}

async function ask({ tableName, dynamoDb }: TableParts, keys: Keys, consistent: boolean) {
  const { Responses, UnprocessedKeys } = await dynamoDb().call('BatchGetItem', {
    RequestItems: { [tableName]: { Keys: keys, ConsistentRead: consistent } },
  });
  return {
    items: Responses?.[tableName]?.map(toItem) ?? [],
    unread: UnprocessedKeys?.[tableName]?.Keys ?? [],
  };
}

async function pause({ tableName, clock, chance }: TableParts, emptyAnswers: number, unread: number) {
  if (emptyAnswers >= maxEmptyAnswers) {
    throw new OperationalError(
      `Reading ${unread} rows of table '${tableName}' failed after ${emptyAnswers} attempts: no capacity.`,
    );
  }
  const longestMs = firstPauseMs * 2 ** emptyAnswers;
  await clock.sleep(longestMs * (0.5 + chance.random() / 2));
}
