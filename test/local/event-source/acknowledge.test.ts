import { expect, test } from 'vitest';
import type { Answer } from '../../../sdk/ports/queues.ts';
import { world } from './world.ts';

const busy: Answer = { ok: false, code: 'InternalError', message: 'busy', retryable: true };
const gone: Answer = { ok: false, code: 'ReceiptHandleIsInvalid', message: 'gone', retryable: false };

/** Refuses these ids so many times each. */
function refusing(answer: Answer, times: number, ids: readonly string[]): (id: string) => Answer {
  const left = new Map(ids.map((id) => [id, times]));
  return (id) => {
    const more = left.get(id) ?? 0;
    left.set(id, more - 1);
    return more > 0 ? answer : { ok: true };
  };
}

test('deletes ten messages with one request', async () => {
  const { queue, send } = await world({ queue: { batchSize: 25, batchWindowSeconds: 1 } });

  await send(25);

  expect(queue.of('delete').map(({ count }) => count)).toEqual([10, 10, 5]);
});

test('tries again only the messages whose delete was refused', async () => {
  const { clock, queue, warnings, send } = await world();
  queue.onDelete = refusing(busy, 1, ['message-2', 'message-5']);

  await send(10);
  await clock.advance(10_000);

  expect(queue.of('delete').map(({ count }) => count)).toEqual([10, 2]);
  expect(queue.stored).toEqual([]);
  expect(warnings).toEqual([]);
});

test('gives a delete up after three tries, says so, and gets the message again', async () => {
  const { clock, queue, calls, warnings, send } = await world();
  queue.onDelete = refusing(busy, 3, ['message-1']);

  await send(1);
  await clock.advance(192_000);

  expect(queue.of('delete')).toHaveLength(4);
  expect(warnings).toEqual([expect.stringContaining('1 messages of')]);
  expect(calls[1]?.event.Records[0]?.attributes.ApproximateReceiveCount).toBe('2');
});

test('does not try again a delete that can never succeed', async () => {
  const { clock, queue, warnings, send } = await world();
  queue.onDelete = refusing(gone, 1, ['message-1']);

  await send(2);
  await clock.advance(10_000);

  expect(queue.of('delete')).toHaveLength(1);
  expect(warnings).toHaveLength(1);
});

test('tries again a delete request that failed as a whole', async () => {
  let failures = 1;
  const { clock, queue, send } = await world({
    through: (real) => ({
      send: (...args) => real.send(...args),
      receive: (...args) => real.receive(...args),
      delay: (...args) => real.delay(...args),
      delete: async (...args) => {
        if (failures-- > 0) throw new Error('connection reset');
        return real.delete(...args);
      },
    }),
  });

  await send(3);
  await clock.advance(10_000);

  expect(queue.stored).toEqual([]);
});
