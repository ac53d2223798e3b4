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
  /** The next free slot, epoch milliseconds; it may be a little past. Undefined: none is left before the call expires. */
  reserve(line: SlotRow, expires: Expiry, cloud: Cloud): Promise<number | undefined>;
}

/** Epoch milliseconds; null: never. */
type Expiry = number | null;

const maxSlots = 10_000;

export function createReservations(): Reservations {
  const open = new Map<string, Batcher<Expiry, number | undefined>>();

  function batcherOf({ row, limit }: SlotRow, cloud: Cloud): Batcher<Expiry, number | undefined> {
    const known = open.get(row);
    if (known) return known;
    const batcher: Batcher<Expiry, number | undefined> = new Batcher({
      maxItems: maxSlots,
      async carryOut(calls) {
        // Keys come and go: those that ask from now on get a batcher of their own.
        if (open.get(row) === batcher) open.delete(row);
        return reserveFor(calls, { row, limit }, cloud);
      },
    });
    open.set(row, batcher);
    return batcher;
  }

  return { reserve: (line, expires, cloud) => batcherOf(line, cloud).add(expires) };
}

/**
 * A call that will have expired takes no slot: it would be lost to the others, and where more calls come than the limit allows, all slots
 * would soon be those of calls that have expired.
 */
async function reserveFor(
  calls: readonly Expiry[],
  line: SlotRow,
  cloud: Cloud,
): Promise<readonly (number | undefined)[]> {
  const { spacing } = line.limit;
  const mayExpire = calls.some((expires) => expires !== null);
  const soonest = mayExpire ? await nextSlot(line, cloud) : Number.NEGATIVE_INFINITY;
  const places = placesFor(calls, soonest, spacing);
  const count = places.filter((place) => place !== undefined).length;
  if (count === 0) return places;
  const first = await reserveSlots(count, line, cloud);
  return places.map((place) => place && (first + (place - 1) * spacing) / 1_000);
}

/** Which place in a row of slots each call gets, from 1 on; undefined: none. */
function placesFor(
  calls: readonly Expiry[],
  soonest: number,
  spacing: number,
): readonly (number | undefined)[] {
  let taken = 0;
  return calls.map((expires) => {
    if (expires !== null && soonest + taken * spacing > expires * 1_000) return undefined;
    taken += 1;
    return taken;
  });
}

/** The slot that comes next, if nobody else is faster: whole microseconds since the epoch. */
async function nextSlot(
  { row, limit }: SlotRow,
  { table, clock }: Pick<Cloud, 'table' | 'clock'>,
): Promise<number> {
  const [known] = await table.read([row]);
  const earliest = earliestSlot(limit, clock.now());
  return typeof known?.next === 'number' ? Math.max(known.next, earliest) : earliest;
}

/** Only workers that take turns at the same moment, again and again, would need more. */
const maxAttempts = 20;

/** The row's `next` is the next free slot, whole microseconds since the epoch. */
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
