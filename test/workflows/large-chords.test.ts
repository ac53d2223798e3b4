import { chord, type ReadOptions, Tallo, type TaskSignature } from 'tallo';
import { type MemoryCloud, type MemoryCloudOptions, memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { recordParts } from '../../sdk/flow/buckets.ts';
import { MemoryTable } from '../../testing/memory/memory-table.ts';
import { seededChance } from '../../testing/memory/seeded-chance.ts';
import { times } from '../conformance/world.ts';
import { sizeOfRow } from './row-size.ts';

/** A task for the members, and one for the body that says whether it was given all results in order. */
function scene(options: MemoryCloudOptions = {}) {
  const app = new Tallo('large');
  const cloud = memoryCloud(app, options);
  const member = app.task('member', (i: number) => i);
  const check = app.task('check', (results: readonly number[]) => [
    results.length,
    results.findIndex((result, i) => result !== i),
  ]);
  return { app, cloud, member, check, [Symbol.asyncDispose]: () => cloud.stop() };
}

const patience = { timeout: '10h', interval: '1m' } as const;

/** Requests that read rows of joins. */
function noteReads({ table }: MemoryCloud): { count: number } {
  const noted = { count: 0 };
  const read = table.read.bind(table);
  table.read = (ids) => {
    if (ids.some((id) => id.startsWith('join-'))) noted.count += 1;
    return read(ids);
  };
  return noted;
}

describe('a chord of 100,000', () => {
  test('is joined with few requests for small rows, and gives its body the results in order', async () => {
    await using it = scene();
    const size = 100_000;
    const reads = noteReads(it.cloud);

    const result = await chord(
      times(size, (i) => it.member.s(i)),
      it.check.s(),
    ).delay();

    expect(await result.get(patience)).toEqual([size, -1]);
    const { change } = it.cloud.table.requests;
    expect((change + reads.count) / size).toBeLessThan(0.25);
    const rows = it.cloud.table.rows().filter(({ id }) => id.startsWith('join-'));
    expect(Math.max(...rows.map(sizeOfRow))).toBeLessThan(4_096);
  }, 120_000);

  // DynamoDB takes 1,000 writes of 1 KB and 3,000 consistent reads of 4 KB per second of a key.
  test.each([1, 10])('is joined at 10,000 members per second, in batches of %i', async (batchSize) => {
    const [size, perSecond] = [100_000, 10_000];
    const requests = { written: new Map<string, number>(), read: new Map<string, number>() };
    const memory = new MemoryTable();
    let second = 0;
    const note = (kind: 'written' | 'read', id: string, units: number) => {
      const key = `${id} in second ${second}`;
      requests[kind].set(key, (requests[kind].get(key) ?? 0) + units);
    };
    const table = {
      async change(...given: Parameters<MemoryTable['change']>) {
        const row = await memory.change(...given);
        if (row) note('written', row.id, Math.ceil(sizeOfRow(row) / 1_024));
        return row;
      },
      async read(ids: readonly string[], { consistent = false }: ReadOptions = {}) {
        const rows = await memory.read(ids);
        for (const row of rows)
          note('read', row.id, Math.ceil(sizeOfRow(row) / 4_096) / (consistent ? 1 : 2));
        return rows;
      },
    };
    const { random } = seededChance(1);
    const order = times(size, (index) => ({ index, place: random() })).sort((a, b) => a.place - b.place);

    let told = 0;
    for (let ended = 0; ended < size; ended += batchSize) {
      second = Math.floor(ended / perSecond);
      const parts = order
        .slice(ended, ended + batchSize)
        .map(({ index }) => ({ index, ending: 'done' }) as const);
      if (await recordParts({ group: 'g', size }, parts, { table, random, ttl: 1 })) told += 1;
    }

    expect(told).toBe(1);
    expect(Math.max(...requests.written.values())).toBeLessThanOrEqual(1_000);
    expect(Math.max(...requests.read.values())).toBeLessThanOrEqual(3_000);
  });
});

describe('a chord whose header is made while it is sent', () => {
  const size = 25_000;
  const pageSize = 10_000;

  test('is never more than a page ahead of what the queue has accepted', async () => {
    await using it = scene();
    const { queues } = it.cloud;
    const send = queues.send.bind(queues);
    let accepted = 0;
    let made = 0;
    let mostAhead = 0;
    queues.send = async (name, messages) => {
      const answers = await send(name, messages);
      accepted += messages.length;
      return answers;
    };
    async function* header(): AsyncGenerator<TaskSignature<[], number, unknown>> {
      for (; made < size; ) {
        mostAhead = Math.max(mostAhead, made - accepted);
        yield it.member.si(made++);
      }
    }

    const result = await chord(header(), it.check.s()).delay();

    expect(await result.get(patience)).toEqual([size, -1]);
    // One member more, which says that another page follows.
    expect(mostAhead).toBeLessThanOrEqual(pageSize + 1);
  }, 60_000);

  test('starts its body once, although every message comes twice', async () => {
    await using it = scene({ duplicates: 1 });
    const bodies: string[] = [];
    const send = it.cloud.queues.send.bind(it.cloud.queues);
    it.cloud.queues.send = (name, messages) => {
      bodies.push(
        ...messages.flatMap(({ body }) => (JSON.parse(body).headers.task === 'check' ? [body] : [])),
      );
      return send(name, messages);
    };
    function* header() {
      for (let i = 0; i < pageSize + 50; i += 1) yield it.member.si(i);
    }

    const result = await chord(header(), it.check.s()).delay();

    expect(await result.get(patience)).toEqual([pageSize + 50, -1]);
    await it.cloud.untilIdle();
    expect(bodies).toHaveLength(1);
  }, 60_000);
});
