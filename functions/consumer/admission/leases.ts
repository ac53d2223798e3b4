import type { Cloud } from '../../../sdk/ports/cloud.ts';
import type { Item } from '../../../sdk/ports/table.ts';

/** Something that one holder has until a certain time, and no longer: so nothing stays with a worker that was lost. */
export interface Lease {
  /** The key of its row. */
  readonly id: string;
  /** The name by which this holder, and nobody else, is known. */
  readonly holder: string;
}

interface Term {
  /** Epoch milliseconds. */
  readonly until: number;
  readonly more?: Omit<Item, 'id'>;
}

/** Rows are kept for a while after the lease. */
const keptSeconds = 86_400;

/** What a holder writes; `until`: epoch milliseconds. */
export function holding(holder: string, until: number): { holder: string; until: number; ttl: number } {
  return { holder, until, ttl: Math.ceil(until / 1_000) + keptSeconds };
}

/** Takes a lease that nobody has; answers false if somebody does. `more` is written beside it. */
export async function takeLease(
  { id, holder }: Lease,
  { until, cloud, more = {} }: Term & { readonly cloud: Pick<Cloud, 'table' | 'clock'> },
): Promise<boolean> {
  const isTaken = { attribute: 'until', atLeast: cloud.clock.now() };
  const set = { ...holding(holder, until), ...more };
  return (await cloud.table.change(id, { set }, { unless: isTaken })) !== undefined;
}

/** Takes a lease from a holder that is known by name: undefined if it is not that one's any more. */
export async function takeOver(
  { id, holder }: Lease,
  from: string,
  { until, table, more = {} }: Term & Pick<Cloud, 'table'>,
): Promise<Item | undefined> {
  const set = { ...holding(holder, until), ...more };
  return table.change(id, { set }, { only: { attribute: 'holder', isOneOf: [from] } });
}

/** Keeps a lease until another time. Whoever comes late has lost it, and changes nothing: undefined. */
export function keepUntil(
  lease: Lease,
  until: number,
  { table }: Pick<Cloud, 'table'>,
): Promise<Item | undefined> {
  return takeOver(lease, lease.holder, { until, table });
}

/** Gives a lease back before its time. */
export async function giveBack(lease: Lease, { table }: Pick<Cloud, 'table'>): Promise<Item | undefined> {
  return table.change(
    lease.id,
    { set: { until: 0 } },
    { only: { attribute: 'holder', isOneOf: [lease.holder] } },
  );
}
