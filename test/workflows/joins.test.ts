import fc from 'fast-check';
import type { ReadOptions } from 'tallo';
import { describe, expect, test } from 'vitest';
import { type Completed, type Part, recordParts } from '../../sdk/flow/buckets.ts';
import { MemoryTable } from '../../testing/memory/memory-table.ts';
import { seededChance } from '../../testing/memory/seeded-chance.ts';

/** A join whose members end in batches, at the same time, some of them more than once, told by workers of which some are lost. */
interface Case {
  readonly size: number;
  readonly seed: number;
  readonly maxBatch: number;
  /** The share of members that end once more. */
  readonly repeated: number;
  /** The share of requests at which a worker is lost, before or after it. */
  readonly deadly: number;
  /** This many members never end. */
  readonly missing: number;
}

const cases: fc.Arbitrary<Case> = fc.record({
  // A bucket holds 256.
  size: fc.oneof(
    fc.integer({ min: 1, max: 5 }),
    fc.constantFrom(255, 256, 257, 512, 513),
    fc.integer({ min: 1, max: 700 }),
  ),
  seed: fc.integer(),
  maxBatch: fc.constantFrom(1, 7, 30, 100),
  repeated: fc.constantFrom(0, 0.1, 1),
  deadly: fc.constantFrom(0, 0.05, 0.3),
  missing: fc.constant(0),
});

class WorkerLost extends Error {}

/** What the workers of a case told, and what the rows held when they did. */
interface Told {
  readonly completed: Completed;
  readonly recorded: number;
}

async function played({ size, seed, maxBatch, repeated, deadly, missing }: Case, scheduler: fc.Scheduler) {
  const { random } = seededChance(seed);
  const memory = new MemoryTable();
  const told: Told[] = [];
  const request = async <T>(work: () => Promise<T>): Promise<T> => {
    await scheduler.schedule(Promise.resolve());
    if (random() < deadly / 2) throw new WorkerLost();
    const answer = await work();
    if (random() < deadly / 2) throw new WorkerLost();
    return answer;
  };
  const table = {
    change: (...given: Parameters<MemoryTable['change']>) => request(() => memory.change(...given)),
    // A read that is not consistent may see nothing yet.
    read: (ids: readonly string[], { consistent = false }: ReadOptions = {}) =>
      request(async () => (consistent || random() < 0.5 ? memory.read(ids) : [])),
  };
  async function tell(parts: readonly Part[]): Promise<void> {
    try {
      const completed = await recordParts({ group: 'g', size }, parts, { table, random, ttl: 1 });
      if (completed) told.push({ completed, recorded: recordedIn(memory).size });
    } catch (error) {
      if (!(error instanceof WorkerLost)) throw error;
      // The messages come again, in other batches.
      const half = Math.ceil(parts.length / 2);
      const again = [parts.slice(0, half), parts.slice(half)].filter(({ length }) => length > 0);
      await Promise.all(again.map(tell));
    }
  }
  const parts = shuffled(partsOf(size).slice(missing), random);
  const more = parts.filter(() => random() < repeated);
  const batches = cut([...parts, ...shuffled(more, random)], maxBatch, random);
  await scheduler.waitFor(Promise.all(batches.map(tell)));
  return { told, recorded: recordedIn(memory).size };
}

/** Every seventh fails, every eleventh has no result. */
function partsOf(size: number): readonly Part[] {
  const endingOf = (index: number) => (index % 7 === 3 ? 'failed' : index % 11 === 5 ? 'silent' : 'done');
  return Array.from({ length: size }, (_, index) => ({ index, ending: endingOf(index) }));
}

function indexesOf(size: number, ending: Part['ending']): Set<number> {
  return new Set(
    partsOf(size)
      .filter((part) => part.ending === ending)
      .map(({ index }) => index),
  );
}

function recordedIn(memory: MemoryTable): Set<number> {
  const sets = memory.rows().map(({ done }) => (done instanceof Set ? done : new Set<number>()));
  return new Set(sets.flatMap((set) => [...set].map(Number)));
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

function cut<T>(items: readonly T[], most: number, random: () => number): T[][] {
  const batches: T[][] = [];
  for (let start = 0; start < items.length; ) {
    const end = start + 1 + Math.floor(random() * most);
    batches.push(items.slice(start, end));
    start = end;
  }
  return batches;
}

function holds(property: (given: Case, scheduler: fc.Scheduler) => Promise<void>, numRuns: number) {
  return fc.assert(fc.asyncProperty(cases, fc.scheduler(), property), { seed: 42, numRuns });
}

describe('a join, however its members end', () => {
  test('is told to be complete, and only when all are recorded', async () => {
    await holds(async (given, scheduler) => {
      const { told } = await played(given, scheduler);

      expect(told.length).toBeGreaterThan(0);
      expect(new Set(told.map(({ recorded }) => recorded))).toEqual(new Set([given.size]));
    }, 150);
  });

  test('tells which of them failed, and which have no result', async () => {
    await holds(async (given, scheduler) => {
      const { told } = await played(given, scheduler);

      for (const { completed } of told) {
        expect(completed.failed).toEqual(indexesOf(given.size, 'failed'));
        expect(completed.silent).toEqual(indexesOf(given.size, 'silent'));
      }
    }, 50);
  });

  test('is never told to be complete as long as one is missing', async () => {
    await holds(async (given, scheduler) => {
      const { told, recorded } = await played({ ...given, missing: 1 }, scheduler);

      expect([told, recorded]).toEqual([[], given.size - 1]);
    }, 100);
  });

  test('is told once if nothing comes twice and no worker is lost, one after the other', async () => {
    for (const size of [1, 2, 256, 257, 600]) {
      const told: unknown[] = [];
      const ledger = { table: new MemoryTable(), random: seededChance(size).random, ttl: 1 };
      for (const part of partsOf(size)) {
        const completed = await recordParts({ group: 'g', size }, [part], ledger);
        if (completed) told.push(completed);
      }

      expect(told).toHaveLength(1);
    }
  });
});
