import { earliestSlot, type RateLimit } from '../../../sdk/limits/rate-limit.ts';
import { Batcher } from '../../../sdk/outbox/batcher.ts';
import type { Cloud } from '../../../sdk/ports/cloud.ts';
import type { Item } from '../../../sdk/ports/table.ts';

/** A rate limit, or one key of it, and the row in which its slots are counted. */
export interface SlotRow {
  readonly row: string;
  readonly limit: RateLimit;
}

/** Reserves slots. What asks at the same turn shares a request: one for all messages of a batch. */
export interface Reservations {
  /** The next free slot, epoch milliseconds; it may be a little past. */
  reserve(line: SlotRow, cloud: Cloud): Promise<number>;
}

const maxSlots = 10_000;

export function createReservations(): Reservations {
  const open = new Map<string, Batcher<undefined, number>>();

  function batcherOf({ row, limit }: SlotRow, cloud: Cloud): Batcher<undefined, number> {
    const known = open.get(row);
    if (known) return known;
    const batcher: Batcher<undefined, number> = new Batcher({
      maxItems: maxSlots,
      async carryOut(calls) {
        // Keys come and go: those that ask from now on get a batcher of their own.
        if (open.get(row) === batcher) open.delete(row);
        const first = await reserveSlots(calls.length, { row, limit }, cloud);
        return calls.map((_, i) => (first + i * limit.spacing) / 1_000);
      },
    });
    open.set(row, batcher);
    return batcher;
  }

  return { reserve: (line, cloud) => batcherOf(line, cloud).add(undefined) };
}

/** Only workers that take turns at the same moment, again and again, would need more. */
const maxAttempts = 20;

/** The row's `next` is the next free slot, whole microseconds since the epoch: so it outlasts a change of the limit. */
async function reserveSlots(
  count: number,
  { row, limit }: SlotRow,
  { table, clock }: Pick<Cloud, 'table' | 'clock'>,
): Promise<number> {
  const length = count * limit.spacing;
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const now = clock.now();
    const floor = earliestSlot(limit, now);
    const ttl = keptUntil(now);
    const next = { attribute: 'next', atLeast: floor };
    const longer = await table.change(row, { add: { next: length }, set: { ttl } }, { only: next });
    if (longer) {
      await keepLonger(longer, now, table);
      return Number(longer.next) - length;
    }
    // Nobody has come for a while: the slots of that time are gone.
    const begun = { set: { next: floor + length, ttl } };
    if (await table.change(row, begun, { unless: next })) return floor;
  }
  throw new Error(`No slot of '${row}' could be reserved: others were faster each time.`);
}

const daySeconds = 86_400;

/** Epoch seconds. */
function keptUntil(now: number): number {
  return Math.ceil(now / 1_000) + 60 * daySeconds;
}

/** A row that was forgotten before its last slot would give those slots away again. */
async function keepLonger({ id, next }: Item, now: number, table: Cloud['table']): Promise<void> {
  const last = Math.ceil(Number(next) / 1_000_000) + daySeconds;
  if (last > keptUntil(now)) await table.change(id, { set: { ttl: last } });
}
