import { describe, expect, test } from 'vitest';
import { settled } from '../local/event-source/virtual-clock.ts';
import { world } from './world.ts';

describe('a process', () => {
  test('receives as many messages as it has room for, and no more', async () => {
    const { queue, runs, send } = await world({ batchSize: 3 });

    await send(10);
    await settled();
    const first = runs.map(({ id }) => id);
    await runs[1]?.succeed();
    await settled();

    expect(first).toEqual(['message-1', 'message-2', 'message-3']);
    expect(runs.map(({ id }) => id)).toEqual([...first, 'message-4']);
    expect(queue.deleted).toEqual(['message-2']);
    expect(queue.of('receive').map(({ count }) => count)).toEqual([3, 1]);
    expect(queue.visible).toHaveLength(6);
  });

  test('asks for ten at most, twenty seconds long', async () => {
    const { queue, runs, send } = await world({ batchSize: 25 });

    await send(30);
    await settled();

    expect(queue.of('receive').map(({ count, waitSeconds }) => [count, waitSeconds])).toEqual([
      [10, 20],
      [10, 20],
      [5, 20],
    ]);
    expect(runs).toHaveLength(25);
  });

  test('begins each message as soon as there is room, with all the time that the queue gives', async () => {
    const { clock, runs, send } = await world({ batchSize: 1, timeLimit: '1h' });

    await send(2);
    await clock.advance(600_000);
    await runs[0]?.succeed();
    await settled();

    expect(runs.map(({ at, remaining }) => [at, remaining])).toEqual([
      [0, 3_602_000],
      [600_000, 3_602_000],
    ]);
  });

  test('leaves what failed to its visibility, which it renews no more', async () => {
    const { clock, queue, runs, send } = await world({ visibilityTimeout: '2m' });

    await send(1);
    await clock.advance(100_000);
    await runs[0]?.fail();
    await clock.advance(99_000);
    const early = runs.length;
    await clock.advance(1_000);

    expect(early).toBe(1);
    expect(runs.map(({ at }) => at)).toEqual([0, 200_000]);
    expect(queue.of('delay').map(({ at }) => at)).toEqual([40_000, 80_000]);
  });

  test('gives up a run that takes longer than the queue allows', async () => {
    const { clock, queue, runs, send, busy } = await world({ timeLimit: '10m', visibilityTimeout: '1h' });

    await send(1);
    await clock.advance(602_000);

    expect(busy.now).toBe(0);
    expect(runs).toHaveLength(1);
    expect(queue.stored).toHaveLength(1);
    await clock.advance(3_600_000);
    expect(runs).toHaveLength(2);
  });

  test('says whether it works', async () => {
    const { runs, busy, send, source } = await world({ batchSize: 2 });

    await send(2);
    await settled();
    const [before, running] = [busy.now, source.running];
    for (const run of runs) await run.succeed();

    expect([before, running]).toEqual([2, 2]);
    expect([busy.now, source.running]).toEqual([0, 0]);
  });
});

const lanes = ['store-default-urgent', 'store-default', 'store-default-low'] as const;

describe('a process that serves lanes', () => {
  test('takes what is urgent first, whenever it has room', async () => {
    const { runs, send } = await world({ lanes: 3, batchSize: 1 });
    await send(1, lanes[1]);
    for (const lane of lanes.toReversed()) await send(2, lane);

    for (let done = 0; done < 7; done += 1) {
      await settled();
      await runs[done]?.succeed();
    }

    expect(runs.map(({ lane }) => lane)).toEqual([
      lanes[1],
      lanes[0],
      lanes[0],
      lanes[1],
      lanes[1],
      lanes[2],
      lanes[2],
    ]);
  });

  test('waits at all of them at once, with one request each', async () => {
    const { clock, runs, laneOf, send } = await world({ lanes: 3, batchSize: 1 });
    await clock.advance(7_000);

    await send(1, lanes[2]);
    await settled();

    expect(runs.map(({ at, lane }) => [at, lane])).toEqual([[7_000, lanes[2]]]);
    for (const lane of lanes)
      expect(
        laneOf(lane)
          .of('receive')
          .map(({ waitSeconds }) => waitSeconds),
      ).toEqual([0, 20]);
  });

  test('puts back what comes from two lanes at the same moment and is too much', async () => {
    const gate = Promise.withResolvers<void>();
    const { runs, laneOf, send } = await world({ lanes: 2, batchSize: 1 }, (queues) => ({
      ...queues,
      receive: async (name, { max, waitSeconds }) => {
        if (waitSeconds === 0) return [];
        await gate.promise;
        return queues.receive(name, { max, waitSeconds });
      },
    }));
    await send(1, lanes[1]);
    await send(1, lanes[0]);

    gate.resolve();
    await settled();

    expect(runs.map(({ lane }) => lane)).toEqual([lanes[0]]);
    expect(laneOf(lanes[1]).visible).toEqual(['message-1']);
  });
});
