import { type Cron, parseCron } from './cron.ts';

/** A schedule expression, read. */
export type Expression =
  /** Once, when the clock on the wall shows that time (written as if it were UTC). */
  | { readonly kind: 'at'; readonly wall: number }
  | { readonly kind: 'rate'; readonly everyMs: number }
  | { readonly kind: 'cron'; readonly cron: Cron };

const at = /^at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)$/;
const rate = /^rate\((\d+) (minute|hour|day)s?\)$/;
const cron = /^cron\(([^()]*)\)$/;

const unitMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Reads `at(2026-11-20T08:00:00)`, `rate(5 minutes)` and `cron(0 8 ? * MON-FRI *)`; none if it is no such thing.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function parseExpression(text: string): Expression | undefined {
  const read = parseAt(at.exec(text)?.[1]) ?? parseRate(rate.exec(text));
  if (read) return read;
  const parsed = parseCron(cron.exec(text)?.[1] ?? '');
  return parsed && { kind: 'cron', cron: parsed };
}

function parseAt(text: string | undefined): Expression | undefined {
  const wall = Date.parse(`${text}Z`);
  // JavaScript takes 30 February for 2 March.
  const isDate = !Number.isNaN(wall) && new Date(wall).toISOString().startsWith(`${text}`);
  return isDate ? { kind: 'at', wall } : undefined;
}

function parseRate(found: RegExpExecArray | null): Expression | undefined {
  const [, value, unit = ''] = found ?? [];
  const everyMs = Number(value) * (unitMs[unit] ?? Number.NaN);
  return everyMs > 0 ? { kind: 'rate', everyMs } : undefined;
}
