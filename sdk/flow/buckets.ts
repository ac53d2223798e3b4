import type { Attribute, Item, Table } from '../ports/table.ts';
import { joinKey } from '../wire/keys.ts';

// How a join counts without ever counting twice, at the price of about one write per batch of members.
//
// Members are recorded in buckets: rows with sets of member numbers, to which adding is idempotent. A batch may pick any
// bucket, so that it needs one write however its members' numbers lie, and no row takes all writes or grows large. Every
// bucket has a quota, and the quotas add up to the number of members. Whoever finds a bucket within its quota has nothing more
// to do: as long as one bucket is not full, members are missing. Whoever makes a bucket full says so in the join's own row,
// and whoever finds it overfull looks there which others are, and records its members in another one as well. When all buckets
// are full, and from then on, each batch reads all of them and counts the members: the last one finds them complete.

/** What became of a member; a silent one has no result that could be read. */
export type Ending = 'done' | 'failed' | 'silent';

/** One member's end. */
export interface Part {
  readonly index: number;
  readonly ending: Ending;
}

/** A join that is complete: which members failed, and which have no result. */
export interface Completed {
  readonly failed: ReadonlySet<number>;
  /** True: some have none, and it is not noted which. */
  readonly silent: ReadonlySet<number> | true;
}

/** Members per bucket, so that its row stays well below 4 KB: each write is billed by the size of the row. */
const bucketSize = 256;

/** What recording needs. */
export interface Ledger {
  readonly table: Pick<Table, 'read' | 'change'>;
  readonly random: () => number;
  /** When the rows may be forgotten, epoch seconds. */
  readonly ttl: number;
}

/**
 * Records members of a join that have ended, in any order and any number of times.
 *
 * @returns the join's end if no member is missing any more. At least one caller is told; after a duplicate delivery several may be.
 */
export async function recordParts(
  { group, size }: { group: string; size: number },
  parts: readonly Part[],
  ledger: Ledger,
): Promise<Completed | undefined> {
  const count = Math.ceil(size / bucketSize);
  const quota = Math.ceil(size / count);
  let full: ReadonlySet<number> = new Set();
  for (;;) {
    const bucket = pick(count, full, ledger.random);
    const row = await ledger.table.change(joinKey(group, bucket), changeOf(parts, ledger.ttl));
    const recorded = numbers(row?.done).size;
    if (count === 1) return recorded >= size ? completed([row]) : undefined;
    const room = Math.min(quota, size - bucket * quota);
    if (recorded < room) return undefined;
    full = new Set([...full, ...(await fullBuckets({ group, bucket, isNews: recorded === room }, ledger))]);
    if (full.size >= count) return completedIfAll({ group, size, count }, ledger.table);
    if (recorded === room) return undefined;
  }
}

function changeOf(parts: readonly Part[], ttl: number) {
  const add: Record<string, ReadonlySet<number>> = { done: new Set(parts.map(({ index }) => index)) };
  for (const ending of ['failed', 'silent'] as const) {
    const some = parts.filter((part) => part.ending === ending).map(({ index }) => index);
    if (some.length > 0) add[ending] = new Set(some);
  }
  return { add, set: { ttl } };
}

function pick(count: number, full: ReadonlySet<number>, random: () => number): number {
  const open = Array.from({ length: count }, (_, bucket) => bucket).filter((bucket) => !full.has(bucket));
  return open[Math.floor(random() * open.length)] ?? 0;
}

/** Of an overfull bucket somebody has said so before, unless that worker was lost: where many come late, looking is enough. */
async function fullBuckets(
  { group, bucket, isNews }: { group: string; bucket: number; isNews: boolean },
  { table, ttl }: Ledger,
): Promise<ReadonlySet<number>> {
  const id = joinKey(group);
  // What it does not see yet costs another bucket at most.
  const [known] = isNews ? [] : await table.read([id]);
  const full = numbers(known?.full);
  if (full.has(bucket)) return full;
  const row = await table.change(id, { add: { full: new Set([bucket]) }, set: { ttl } });
  return numbers(row?.full);
}

/** Rows per request of a read. */
const rowsPerRead = 100;

async function completedIfAll(
  { group, size, count }: { group: string; size: number; count: number },
  table: Ledger['table'],
): Promise<Completed | undefined> {
  const keys = Array.from({ length: count }, (_, bucket) => joinKey(group, bucket));
  const reads = Array.from({ length: Math.ceil(count / rowsPerRead) }, (_, i) =>
    table.read(keys.slice(i * rowsPerRead, (i + 1) * rowsPerRead), { consistent: true }),
  );
  const rows = (await Promise.all(reads)).flat();
  return united(rows, 'done').size >= size ? completed(rows) : undefined;
}

function completed(rows: readonly (Item | undefined)[]): Completed {
  return { failed: united(rows, 'failed'), silent: united(rows, 'silent') };
}

function united(rows: readonly (Item | undefined)[], name: string): ReadonlySet<number> {
  return new Set(rows.flatMap((row) => [...numbers(row?.[name])]));
}

function numbers(attribute: Attribute | undefined): ReadonlySet<number> {
  // Number sets are all that these rows hold.
  return attribute instanceof Set ? (attribute as ReadonlySet<number>) : new Set();
}
