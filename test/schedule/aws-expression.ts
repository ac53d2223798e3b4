// EventBridge Scheduler's cron, read strictly and evaluated minute by minute, apart from what writes it.

interface Cron {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** 1 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
}

/** Reads an expression; throws where AWS would refuse it, and where it uses what we never write. */
export function readCron(expression: string): Cron {
  if (expression.length > 256) throw new Error(`${expression.length} characters`);
  const fields = /^cron\((\S+) (\S+) (\S+) (\S+) (\S+) \*\)$/.exec(expression)?.slice(1);
  const [minutes = '', hours = '', days = '', months = '', weekdays = ''] = fields ?? [];
  if ((days === '?') === (weekdays === '?')) throw new Error(`one of the days must be ?: ${expression}`);
  return {
    minutes: readField(minutes, 0, 59),
    hours: readField(hours, 0, 23),
    days: readField(days.replace('?', '*'), 1, 31),
    months: readField(months, 1, 12),
    weekdays: readField(weekdays.replace('?', '*'), 1, 7),
  };
}

function readField(text: string, min: number, max: number): ReadonlySet<number> {
  if (text === '*') return new Set(Array.from({ length: max - min + 1 }, (_, i) => min + i));
  const numbers = text.split(',').flatMap((part) => {
    const [, first, last = first] = /^(\d{1,2})(?:-(\d{1,2}))?$/.exec(part) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (!(from >= min && from <= to && to <= max)) throw new Error(`'${part}' is not from ${min} to ${max}`);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
  return new Set(numbers);
}

const minute = 60_000;
export const quarter = 15 * minute;
const halfHour = 2 * quarter;

interface Clock {
  readonly format: Intl.DateTimeFormat;
  /** How far it is ahead in each half hour that was looked at; all changes of clocks are between these. */
  readonly offsets: Map<number, number>;
}

const clocks = new Map<string, Clock>();

function clockOf(timeZone: string): Clock {
  const clock = clocks.get(timeZone) ?? {
    format: new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }),
    offsets: new Map(),
  };
  clocks.set(timeZone, clock);
  return clock;
}

function offsetIn(start: number, { format, offsets }: Clock): number {
  const known = offsets.get(start);
  if (known !== undefined) return known;
  const offset = Date.parse(`${format.format(start).replace(' ', 'T')}Z`) - start;
  offsets.set(start, offset);
  return offset;
}

/**
 * When AWS wakes, from that quarter of an hour on: not in a gap, since no clock shows that time, and in an overlap the first time
 * only. At most 400 days and `limit` wakes.
 */
export function awsWakes(
  expression: string,
  timezone: string,
  [from, limit]: readonly [number, number],
): number[] {
  const { minutes, hours, days, months, weekdays } = readCron(expression);
  const wakes: number[] = [];
  let shownBefore = Number.NEGATIVE_INFINITY;
  const clock = clockOf(timezone);
  for (let at = from; at < from + 400 * 48 * halfHour && wakes.length < limit; at += quarter) {
    const wall = at + offsetIn(Math.floor(at / halfHour) * halfHour, clock);
    const isRepeated = wall <= shownBefore;
    shownBefore = Math.max(shownBefore, wall);
    const shown = new Date(wall);
    const isDay =
      hours.has(shown.getUTCHours()) &&
      days.has(shown.getUTCDate()) &&
      months.has(shown.getUTCMonth() + 1) &&
      weekdays.has(shown.getUTCDay() + 1);
    if (!isDay || isRepeated) continue;
    for (let i = 0; i < 15; i += 1) if (minutes.has(shown.getUTCMinutes() + i)) wakes.push(at + i * minute);
  }
  return wakes;
}
