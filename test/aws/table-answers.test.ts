import { expect, test } from 'vitest';
import { awsCloud } from '../../sdk/aws/aws-cloud.ts';
import { OperationalError } from '../../sdk/errors/index.ts';
import { answering, type MoodyServer, moodyServer, quickClock } from './moody-server.ts';

const clock = quickClock();

function tableAt({ url }: MoodyServer) {
  return awsCloud({ tableName: 'table', endpoint: url, clock }).table;
}

const keysOf = (ids: readonly string[]) => ids.map((id) => ({ id: { S: id } }));

/** An answer to a question for several rows: those that are there, and those that the table did not look at. */
function reading(found: readonly string[], unread: readonly string[] = []) {
  return answering(200, {
    Responses: { table: keysOf(found) },
    UnprocessedKeys: unread.length === 0 ? {} : { table: { Keys: keysOf(unread), ConsistentRead: true } },
  });
}

test('asks again, and only for the rows that the table did not look at', async () => {
  await using server = await moodyServer(
    reading([], ['a', 'b', 'c', 'd']),
    reading(['a'], ['b', 'c', 'd']),
    reading(['b'], ['d']),
    reading(['d']),
  );
  const before = clock.pauses.length;

  const rows = await tableAt(server).read(['a', 'b', 'c', 'd'], { consistent: true });

  expect(rows).toEqual([{ id: 'a' }, { id: 'b' }, { id: 'd' }]);
  const asked = server.arrived.map(({ body }) => JSON.parse(body).RequestItems.table);
  expect(asked).toEqual(
    [['a', 'b', 'c', 'd'], ['a', 'b', 'c', 'd'], ['b', 'c', 'd'], ['d']].map((ids) => ({
      Keys: keysOf(ids),
      ConsistentRead: true,
    })),
  );
  // Only after the one that brought nothing at all.
  expect(clock.pauses.length - before).toBe(1);
});

test('gives up on a table that has no capacity for a single row, after longer and longer pauses', async () => {
  await using server = await moodyServer(reading([], ['a']));
  const before = clock.pauses.length;

  await expect(tableAt(server).read(['a'])).rejects.toThrow(OperationalError);

  expect(server.arrived.length).toBe(8);
  const pauses = clock.pauses.slice(before);
  for (const [retry, pause] of pauses.entries()) {
    expect(pause).toBeGreaterThanOrEqual(50 * 2 ** retry);
    expect(pause).toBeLessThanOrEqual(100 * 2 ** retry);
  }
  expect(pauses.length).toBe(7);
});

test('says of each row of a batch whether it was written', async () => {
  const unwritten = { table: [{ PutRequest: { Item: { id: { S: 'b' } } } }] };
  await using server = await moodyServer(answering(200, { UnprocessedItems: unwritten }));

  const answers = await tableAt(server).putAll([{ id: 'a' }, { id: 'b' }, { id: 'c' }]);

  expect(answers).toEqual([
    { ok: true },
    expect.objectContaining({ ok: false, code: 'Unprocessed', retryable: true }),
    { ok: true },
  ]);
});
