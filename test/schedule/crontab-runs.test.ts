import { expect, test } from 'vitest';
import { crontab } from '../../sdk/schedule/crontab.ts';
import { nextRuns } from '../../sdk/schedule/next-runs.ts';
import cases from './celery/runs.json' with { type: 'json' };

/** Reads the epoch minute of the first run, and the minutes from each run to the next: '15x3' is 15 15 15. */
function minutesOf(text: string): number[] {
  const [first, ...steps] = text.split(' ').flatMap((part) => {
    const [minutes = '', times = '1'] = part.split('x');
    return Array.from({ length: Number(times) }, () => Number(minutes));
  });
  const runs = [first ?? Number.NaN];
  for (const step of steps) runs.push((runs.at(-1) ?? Number.NaN) + step);
  return runs;
}

test('there is enough to compare', () => {
  const lines = new Set(cases.map((one) => one.crontab));
  const zones = new Set(cases.map((one) => one.timezone));

  expect(cases.length).toBeGreaterThanOrEqual(450);
  expect(lines.size).toBeGreaterThanOrEqual(250);
  expect(zones.size).toBeGreaterThanOrEqual(18);
  expect(cases.every(({ runs }) => minutesOf(runs).length === 50)).toBe(true);
});

test.for(cases.map((one) => [`${one.crontab} in ${one.timezone} from ${one.from}`, one] as const))(
  '%s runs when Celery runs it',
  ([, { crontab: line, timezone, from, runs }]) => {
    const ours = nextRuns(crontab.fromString(line), 50, { from: new Date(from * 1_000), timezone });

    expect(ours.map((run) => run.getTime() / 60_000)).toEqual(minutesOf(runs));
  },
);
