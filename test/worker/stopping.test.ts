import fc from 'fast-check';
import { Interrupted } from 'tallo';
import { describe, expect, test } from 'vitest';
import type { Queues } from '../../sdk/ports/queues.ts';
import { settled } from '../local/event-source/virtual-clock.ts';
import { world } from './world.ts';

describe('a process that is asked to stop', () => {
  test('ends at once where nothing runs', async () => {
    const { clock, source, logs } = await world();

    await source.stop(110_000);

    expect(clock.now()).toBe(0);
    expect(clock.pending).toBe(0);
    expect(logs).toEqual([]);
  });

  test('keeps messages hidden while it waits, then interrupts, then gives back', async () => {
    const { clock, queue, source, runs, logs, send, busy } = await world({ batchSize: 2 });
    await send(2);
    await settled();

    const stopped = source.stop(110_000);
    await clock.advance(109_999);
    const waiting = [runs.map(({ interruption }) => interruption?.aborted), queue.of('delay').length];
    await runs[0]?.succeed();
    await clock.advance(1);
    await runs[1]?.fail();
    await stopped;

    expect(waiting).toEqual([[false, false], 2]);
    expect(runs[1]?.interruption?.reason).toBeInstanceOf(Interrupted);
    expect(queue.deleted).toEqual(['message-1']);
    expect(queue.visible).toEqual(['message-2']);
    expect(logs).toEqual(["returned 1 message to 'default'"]);
    expect(busy.now).toBe(0);
    expect(clock.pending).toBe(0);
  });

  test('waits a last moment for those that were interrupted, and no longer', async () => {
    const { clock, queue, source, logs, send } = await world({ batchSize: 2, timeLimit: '1h' });
    await send(2);
    await settled();

    const stopped = source.stop(0);
    await clock.advance(4_999);
    const early = queue.visible;
    await clock.advance(1);
    await stopped;

    expect(early).toEqual([]);
    expect(queue.visible).toEqual(['message-1', 'message-2']);
    expect(logs).toEqual(["returned 2 messages to 'default'"]);
  });

  test('acknowledges what ends after its interruption all the same', async () => {
    const { clock, queue, source, runs, logs, send } = await world();
    await send(1);
    await settled();

    const stopped = source.stop(0);
    await clock.advance(1_000);
    await runs[0]?.succeed();
    await stopped;

    expect(queue.deleted).toEqual(['message-1']);
    expect(logs).toEqual([]);
  });

  test('puts back what comes in that moment', async () => {
    const deaf = (queues: Queues): Queues => ({
      ...queues,
      receive: (name, { max, waitSeconds }) => queues.receive(name, { max, waitSeconds }),
    });
    const { queue, source, runs, send } = await world({ batchSize: 5 }, deaf);

    const stopped = source.stop(110_000);
    await send(2);
    await stopped;

    expect(runs).toEqual([]);
    expect(queue.visible).toEqual(['message-1', 'message-2']);
  });
});

test('no message is lost or runs twice at a time, whenever it comes, fails or the process stops', async () => {
  const plan = fc.record({
    batchSize: fc.integer({ min: 1, max: 12 }),
    sends: fc.array(fc.tuple(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 1, max: 15 })), {
      maxLength: 5,
    }),
    runs: fc.array(fc.tuple(fc.integer({ min: 0, max: 200_000 }), fc.boolean()), { minLength: 1 }),
    stopAfter: fc.integer({ min: 0, max: 300_000 }),
    grace: fc.integer({ min: 0, max: 120_000 }),
  });

  await fc.assert(
    fc.asyncProperty(plan, async ({ batchSize, sends, runs: lengths, stopAfter, grace }) => {
      const { clock, queue, source, runs, send } = await world({ batchSize, visibilityTimeout: 30 });
      for (const [at, count] of sends) clock.after(at, () => void send(count));
      const open = new Map<string, number>();
      let begun = 0;
      const follow = () => {
        for (const run of runs.slice(begun)) {
          const [length, succeeds] = lengths[begun % lengths.length] ?? [0, true];
          begun += 1;
          open.set(run.id, (open.get(run.id) ?? 0) + 1);
          expect(open.get(run.id)).toBe(1);
          const end = () => {
            open.set(run.id, 0);
            void (succeeds ? run.succeed() : run.fail());
          };
          clock.after(length, end);
          run.interruption?.addEventListener('abort', end);
        }
        clock.after(500, follow);
      };
      follow();
      await clock.advance(stopAfter);
      const stopped = source.stop(grace);
      await clock.advance(grace + 6_000);
      await stopped;

      expect(source.running).toBe(0);
      await clock.advance(30_000);
      const sent = sends.filter(([at]) => at <= clock.now()).reduce((sum, [, count]) => sum + count, 0);
      expect(queue.visible.length + queue.deleted.length).toBe(sent);
    }),
    { numRuns: 60 },
  );
});
