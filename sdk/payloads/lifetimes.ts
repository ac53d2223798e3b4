/** How long a bucket keeps the objects whose keys begin like this. */
export interface PayloadLifetime {
  readonly prefix: string;
  /** After so many days the bucket's lifecycle deletes them. */
  readonly days: number;
}

/** The lifetimes of payloads, the shortest first: calls that are due later need more. */
export const payloadLifetimes: readonly PayloadLifetime[] = [30, 90, 400].map((days) => ({
  prefix: `payloads/${days}d/`,
  days,
}));

/** A message may wait for 14 days in its queue, and as a dead letter for 14 more. */
const daysOnTheWay = 28;
const dayMs = 86_400_000;

/** So many days from now the latest call may be due whose payload a bucket still has when it is needed. */
export const latestDays = Math.max(...payloadLifetimes.map(({ days }) => days)) - daysOnTheWay;

/** The shortest lifetime that is enough for a call that is due then, epoch milliseconds; undefined if none is. */
export function lifetimeFor(dueAt: number | null, now: number): PayloadLifetime | undefined {
  const wait = dueAt === null ? 0 : Math.max(0, dueAt - now);
  return payloadLifetimes.find(({ days }) => wait <= (days - daysOnTheWay) * dayMs);
}
