import type { Cloud } from '../ports/cloud.ts';
import type { Condition, Item } from '../ports/table.ts';
import { argumentsRow, collectionTtl, dueTime } from './debounced.ts';
import { leaseFrom, type SharedCall, sendLeased, untilSent } from './send-lease.ts';
import type { Debounce } from './sharing-options.ts';

/** A call that is collected with others. */
export interface Collected extends Pick<Debounce, 'waitMs' | 'maxWaitMs'> {
  /** Of the run, if this call is the first. */
  readonly id: string;
  /** As they are kept in a row. */
  readonly args: string;
}

/** What a collection is kept with. */
export type Collection = SharedCall & { readonly cloud: Pick<Cloud, 'chance' | 'clock' | 'table'> };

/** A collection that is overdue by so much waits for a message that is lost. */
const overdueMs = 60_000;

/**
 * Adds a call to the collection of its key, or begins one. The message that carries the collection to its worker is that of the first
 * call; the others only write down their arguments, and that the run is to wait for longer.
 *
 * @returns the id of the run
 */
export async function sendDebounced(call: Collected, collection: Collection): Promise<string> {
  const { row: key, cloud } = collection;
  for (;;) {
    const now = cloud.clock.now();
    const joined = await join(call, now, collection);
    if (joined && !isLost(joined, now)) {
      const id = await untilSent(joined, collection);
      if (id !== undefined) return id;
    } else {
      const before = joined ?? (await cloud.table.read([key], { consistent: true }))[0];
      const begun = await begin(call, before, { now, collection });
      if (begun) return sendLeased(begun, collection);
    }
  }
}

/** Undefined if there is none to join: its time has passed, or it is closed. */
function join(call: Collected, now: number, { row, cloud }: Collection): Promise<Item | undefined> {
  const open = { only: { attribute: 'at', atLeast: now } };
  return cloud.table.change(row, { set: said(call, now, cloud) }, open);
}

/** Undefined if another call was faster. */
async function begin(
  call: Collected,
  before: Item | undefined,
  { now, collection: { row: key, cloud } }: { readonly now: number; readonly collection: Collection },
): Promise<Item | undefined> {
  const { table } = cloud;
  // Its message may still come.
  if (before && dueTime(before) !== undefined) await table.put(argumentsRow(before, now));
  const latest = Number.isFinite(call.maxWaitMs) ? { latest: now + call.maxWaitMs } : {};
  const row: Item = { id: key, task: call.id, ...said(call, now, cloud), ...latest, ...leaseFrom(now) };
  const unchanged: Condition = before
    ? { only: { attribute: 'version', isOneOf: [String(before.version)] } }
    : { absent: true };
  return (await table.put(row, unchanged)) ? row : undefined;
}

/** By the version whoever closes the collection, or begins another, knows that nobody has joined meanwhile. */
function said({ args, waitMs }: Collected, now: number, { chance }: Collection['cloud']) {
  const at = Math.ceil(now + waitMs);
  return { at, args, version: chance.newId(), ttl: collectionTtl(at) };
}

function isLost(row: Item, now: number): boolean {
  return (dueTime(row) ?? now) < now - overdueMs;
}
