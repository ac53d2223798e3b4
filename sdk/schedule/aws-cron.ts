/** What a cron expression of EventBridge Scheduler says; a field left out is unrestricted. */
export interface AwsCron {
  readonly minutes: Iterable<number>;
  readonly hours: Iterable<number>;
  readonly daysOfMonth?: Iterable<number> | undefined;
  readonly months?: Iterable<number> | undefined;
  /** 1 is Sunday. At most one of `daysOfMonth` and `daysOfWeek` may be given. */
  readonly daysOfWeek?: Iterable<number> | undefined;
}

/** Writes a cron expression in AWS's grammar, with plain lists and ranges only. It always stays below the limit of 256 characters. */
export function awsCron({ minutes, hours, daysOfMonth, months, daysOfWeek }: AwsCron): string {
  const days = daysOfWeek ? '?' : list(daysOfMonth, 31);
  return `cron(${list(minutes, 60)} ${list(hours, 24)} ${days} ${list(months, 12)} ${daysOfWeek ? list(daysOfWeek, 7) : '?'} *)`;
}

function list(values: Iterable<number> | undefined, count: number): string {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  if (!values || sorted.length === count) return '*';
  return runs(sorted)
    .map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`))
    .join(',');
}

/** Neighbours together: 1 2 3 5 become 1 to 3, and 5. */
function runs(sorted: readonly number[]): (readonly [number, number])[] {
  const starts = sorted.filter((value, i) => sorted[i - 1] !== value - 1);
  const ends = sorted.filter((value, i) => sorted[i + 1] !== value + 1);
  return starts.map((start, i) => [start, ends[i] ?? start] as const);
}
