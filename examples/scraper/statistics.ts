import { nameOf, type PriorityName } from './priorities.ts';
import { allVisits, type Visit } from './visits.ts';

export interface Tally {
  readonly read: number;
  readonly failed: number;
}

export interface Statistics extends Tally {
  readonly byPriority: Readonly<Record<PriorityName, Tally>>;
  readonly byDomain: Readonly<Record<string, Tally>>;
}

/** What the scraper has done so far. */
export function statistics(): Statistics {
  const visits = allVisits();
  const byDomain = Object.groupBy(visits, ({ address }) => new URL(address).host);
  const priority = (name: PriorityName) => tally(visits.filter((visit) => nameOf(visit.priority) === name));
  return {
    ...tally(visits),
    byPriority: { urgent: priority('urgent'), normal: priority('normal'), low: priority('low') },
    byDomain: Object.fromEntries(
      Object.entries(byDomain).map(([host, ofHost = []]) => [host, tally(ofHost)]),
    ),
  };
}

function tally(visits: readonly Visit[]): Tally {
  const read = visits.filter(({ title }) => title !== null).length;
  return { read, failed: visits.length - read };
}
