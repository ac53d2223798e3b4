import { beatRowTtl } from '../../sdk/beat/beat-row.ts';
import type { Cloud } from '../../sdk/ports/cloud.ts';
import { beatKey } from '../../sdk/wire/keys.ts';

/** The right to see to an entry, held for a while. */
export interface Claim {
  /** Up to where slots were dealt with, epoch milliseconds, and by which schedule; undefined: nobody was here before. */
  readonly before: { readonly last: number; readonly schedule: string } | undefined;
  /** It was paused, and a deployment has resumed it. */
  readonly wasPaused: boolean;
  /** When it was resumed last, if not by a deployment. */
  readonly since: number;
  /** Notes up to where slots are dealt with, and lets go. Answers false if somebody else has taken over. */
  done(last: number, schedule: string): Promise<boolean>;
  /** Lets go without having done it. */
  letGo(): Promise<void>;
}

/** A killed function is followed by another one a minute later, when Lambda tries again. */
const leaseMs = 45_000;

/** Claims an entry; undefined if another wake of it is at work. Whoever was killed holds it until the lease is over. */
export async function claimEntry(
  name: string,
  { table, clock, chance }: Pick<Cloud, 'table' | 'clock' | 'chance'>,
): Promise<Claim | undefined> {
  const id = beatKey(name);
  const holder = chance.newId();
  const now = clock.now();
  const ttl = beatRowTtl(now);
  const row = await table.change(
    id,
    { set: { holder, until: now + leaseMs, ttl } },
    { unless: { attribute: 'until', atLeast: now } },
  );
  if (!row) return undefined;
  const { last, schedule, since, isPaused } = row;
  const wasPaused = isPaused === true;
  const mine = { only: { attribute: 'holder', isOneOf: [holder] } };
  return {
    before: typeof last === 'number' && typeof schedule === 'string' ? { last, schedule } : undefined,
    wasPaused,
    since: typeof since === 'number' ? since : 0,
    done: async (upTo, by) => {
      const set = { last: upTo, schedule: by, until: 0, ttl, ...(wasPaused && { isPaused: false }) };
      return (await table.change(id, { set }, mine)) !== undefined;
    },
    letGo: async () => {
      await table.change(id, { set: { until: 0 } }, mine);
    },
  };
}
