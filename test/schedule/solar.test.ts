import { expect, test } from 'vitest';
import { nextRuns } from '../../sdk/schedule/next-runs.ts';
import { type SolarEvent, solar } from '../../sdk/solar/index.ts';
import { solarEvents } from '../../sdk/solar/sun-times.ts';
import rows from './celery/sun.json' with { type: 'json' };

test('there is enough to compare', () => {
  expect(new Set(rows.map(({ place }) => place)).size).toBeGreaterThanOrEqual(15);
  expect(rows.length * solarEvents.length).toBeGreaterThanOrEqual(1_000);
});

test.for(rows.map((row) => [`${row.place} from ${row.from}`, row] as const))(
  '%s: all events within two minutes of Celery',
  ([, row]) => {
    const seconds = solarEvents.map((event) => {
      const [run] = nextRuns(solar(event, row.latitude, row.longitude), 1, { from: new Date(row.from) });
      return [event, Math.abs((run?.getTime() ?? Number.NaN) / 1_000 - row[event])] as const;
    });

    expect(seconds.filter(([, difference]) => !(difference <= 120))).toEqual([]);
  },
);

test('comes once a day, to the minute', () => {
  const runs = nextRuns(solar('sunrise', 40.4168, -3.7038), 400, { from: new Date('2026-01-01T00:00:00Z') });
  const gaps = runs.slice(1).map((run, i) => run.getTime() - (runs[i]?.getTime() ?? 0));

  expect(runs.every((run) => run.getTime() % 60_000 === 0)).toBe(true);
  expect(Math.max(...gaps.map((gap) => Math.abs(gap - 86_400_000)))).toBeLessThan(5 * 60_000);
});

test('where the sun does not set for weeks, the next sunset is after these', () => {
  const [last, first] = nextRuns(solar('sunset', 69.6492, 18.9553), 2, {
    from: new Date('2026-05-17T12:00:00Z'),
  });

  expect(last?.toISOString().slice(0, 10)).toBe('2026-05-17');
  expect(first?.toISOString().slice(0, 10)).toBe('2026-07-25');
});

test('an unknown event, and a place beyond the earth, are refused', () => {
  // A caller without types.
  const unknown = 'moonrise' as SolarEvent;

  expect(() => solar(unknown, 0, 0)).toThrow(
    /^Expected a solar event to be dawn_astronomical, .*; got "moonrise"\.$/,
  );
  expect(() => solar('sunset', 90.5, 0)).toThrow(
    /^Expected latitude .* from -90 to 90 degrees, got 90\.5\.$/,
  );
  expect(() => solar('sunset', 0, -181)).toThrow(/^Expected longitude .* got -181\.$/);
  expect(() => solar('sunset', Number.NaN, 0)).toThrow(/^Expected latitude/);
});
