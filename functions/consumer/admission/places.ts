import { waitsBeforeHeir } from '../../../sdk/limits/concurrency-limit.ts';
import type { Cloud } from '../../../sdk/ports/cloud.ts';
import type { Item } from '../../../sdk/ports/table.ts';
import { giveBack, holding, keepUntil, type Lease, takeLease, takeOver } from './leases.ts';

// The places of a limit are leases. Calls that find all of them taken come again later, and whoever asks first when a place is free
// has it. So that nobody waits for ever, one who has waited often becomes the heir of a place: it is named in the row, and the
// holder gives the place to it when its run has ended.

/** The places of a limit, or of one key of it. */
export interface Places {
  /** The keys of their rows begin with this. */
  readonly row: string;
  readonly limit: number;
}

/** Who asks for a place. */
export interface Asker {
  /** Known by this name however often it comes. */
  readonly name: string;
  readonly waits: number;
  /** Until when it would keep the place, epoch milliseconds. */
  readonly until: number;
  /** Which of the places to try first. */
  readonly first: number;
}

/** An heir comes again within this time; otherwise others may have the place. */
const heirGraceMs = 5_000;

const heirMs = 30_000;

/** Of so many places that look free, one is worth another request. */
const maxTries = 3;

/** A place, or whether the asker is the heir of one. */
export async function askForPlace(
  places: Places,
  asker: Asker,
  cloud: Cloud,
): Promise<Lease | { readonly isHeir: boolean }> {
  const holder = cloud.chance.newId();
  const leaseOf = (number: number) => ({ id: `${places.row}-${number % places.limit}`, holder });
  const mayInherit = asker.waits >= waitsBeforeHeir;
  const first = leaseOf(asker.first);
  if (!mayInherit && (await takeLease(first, { until: asker.until, cloud }))) return first;
  const rows = await readPlaces(places, cloud);
  const now = cloud.clock.now();
  // An answer that got lost on its way may have told of a place.
  if (rows.get(first.id)?.holder === holder) return first;
  const left = mayInherit ? findRow(rows, (row) => isHeld(row, now) && row.holder === asker.name) : undefined;
  const inherited = left && { id: left.id, holder };
  if (inherited && (await takeOver(inherited, asker.name, { until: asker.until, table: cloud.table }))) {
    return inherited;
  }
  for (const lease of freePlaces(places, { rows, now, leaseOf }, asker.first)) {
    if (await takeLease(lease, { until: asker.until, cloud })) return lease;
  }
  return { isHeir: mayInherit && (await inherit(rows, asker.name, cloud)) };
}

/** Rows per request. */
const rowsPerRead = 100;

async function readPlaces({ row, limit }: Places, { table }: Cloud): Promise<ReadonlyMap<string, Item>> {
  const ids = Array.from({ length: limit }, (_, number) => `${row}-${number}`);
  const reads = Array.from({ length: Math.ceil(limit / rowsPerRead) }, (_, i) =>
    table.read(ids.slice(i * rowsPerRead, (i + 1) * rowsPerRead), { consistent: true }),
  );
  return new Map((await Promise.all(reads)).flat().map((item) => [item.id, item]));
}

function freePlaces(
  { limit }: Places,
  known: { rows: ReadonlyMap<string, Item>; now: number; leaseOf: (number: number) => Lease },
  first: number,
): readonly Lease[] {
  return Array.from({ length: limit }, (_, i) => known.leaseOf(first + i))
    .filter(({ id }) => !isHeld(known.rows.get(id), known.now))
    .slice(0, maxTries);
}

function isHeld(row: Item | undefined, now: number): boolean {
  return typeof row?.until === 'number' && row.until >= now;
}

function hasHeir(row: Item | undefined, now: number): row is Item & { readonly heir: string } {
  return typeof row?.heir === 'string' && typeof row.heirUntil === 'number' && row.heirUntil >= now;
}

function findRow(rows: ReadonlyMap<string, Item>, matches: (row: Item) => boolean): Item | undefined {
  return [...rows.values()].find(matches);
}

/** Whether the asker is the heir of a place now. */
async function inherit(
  rows: ReadonlyMap<string, Item>,
  name: string,
  { table, clock }: Cloud,
): Promise<boolean> {
  const now = clock.now();
  const own = findRow(rows, (row) => hasHeir(row, now) && row.heir === name);
  if (own && Number(own.heirUntil) > now + heirMs / 2) return true;
  const row = own ?? findRow(rows, (candidate) => !hasHeir(candidate, now));
  if (!row) return false;
  const set = { heir: name, heirUntil: now + heirMs };
  const condition = own
    ? ({ only: { attribute: 'heir', isOneOf: [name] } } as const)
    : ({ unless: { attribute: 'heirUntil', atLeast: now } } as const);
  return (await table.change(row.id, { set }, condition)) !== undefined;
}

/** Gives a place back: to its heir, or to whoever comes. */
export async function leavePlace(lease: Lease, cloud: Cloud): Promise<void> {
  const row = await giveBack(lease, cloud);
  if (hasHeir(row, cloud.clock.now())) await giveTo(row.heir, lease, cloud);
}

/** Keeps a place for the next run in this process. False if it was not there any more, or had an heir, who has it now. */
export async function passOn(lease: Lease, until: number, cloud: Cloud): Promise<boolean> {
  const row = await keepUntil(lease, until, cloud);
  if (!row) return false;
  if (!hasHeir(row, cloud.clock.now())) return true;
  await giveTo(row.heir, lease, cloud);
  return false;
}

async function giveTo(heir: string, { id, holder }: Lease, { table, clock }: Cloud): Promise<void> {
  const set = { ...holding(heir, clock.now() + heirGraceMs), heirUntil: 0 };
  await table.change(id, { set }, { only: { attribute: 'holder', isOneOf: [holder] } });
}
