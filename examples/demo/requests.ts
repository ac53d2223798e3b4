/** The caller waits for results with these; how many depends on how often it looks, not on the work. */
const waiting = 'DynamoDB.BatchGetItem';

/** Rows for a table: what the tasks cost in AWS requests, and apart from it what the waiting cost. */
export function requestRows(
  byAction: Readonly<Record<string, number>>,
  tasks: number,
): readonly (readonly [string, number, number])[] {
  const work = Object.entries(byAction).filter(([action]) => action !== waiting);
  const total = work.reduce((sum, [, count]) => sum + count, 0);
  const row = (label: string, count: number) => [label, count, count / tasks] as const;
  return [
    ...work.map(([action, count]) => row(action, count)),
    row('all of the work', total),
    row(`and to wait for results: ${waiting}`, byAction[waiting] ?? 0),
  ];
}
