import { ConfigurationError } from '../errors/index.ts';
import type { Schedule, SolarJson } from '../schedule/schedule.ts';
import { nextSunTime, type SolarEvent, solarEvents } from './sun-times.ts';

/**
 * Runs at an event of the sun: at `latitude` (-90 to 90) and `longitude` (-180 to 180) in degrees, south and west negative.
 *
 * Times are exact to about a minute, and are whole minutes. Where an event does not happen for a while, as in a polar night, the
 * next one is on the day when it happens again; Celery's own beat ends with a `TypeError` on such days. At the very poles, where
 * it happens once a year, it may be missed.
 *
 * Mirrors {@link https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#solar-schedules Celery's solar}.
 *
 * @throws ConfigurationError when the event is unknown or the place is not on the earth
 *
 * @example
 * ```ts
 * import { nextRuns } from 'tallo';
 * import { solar } from 'tallo/solar';
 *
 * const [sunset] = nextRuns(solar('sunset', -37.81753, 144.96715), 1, { from: new Date('2026-06-21T00:00:00Z') });
 *
 * console.log(sunset?.toISOString()); // 2026-06-21T07:08:00.000Z
 * ```
 */
export function solar(event: SolarEvent, latitude: number, longitude: number): Schedule {
  if (!solarEvents.includes(event)) {
    throw new ConfigurationError(
      `Expected a solar event to be ${solarEvents.join(', ')}; got ${JSON.stringify(event)}.`,
    );
  }
  refuseBeyond('latitude', latitude, 90);
  refuseBeyond('longitude', longitude, 180);
  return {
    next: (after) => nextSunTime(event, { latitude, longitude }, after),
    // Days differ by minutes, so that no expression names the events: a tick of every hour, one hour ahead.
    wake: () => ({
      expression: 'cron(0 * * * ? *)',
      timezone: 'UTC',
      isExact: false,
      aheadSeconds: 7_200,
      isOnce: false,
    }),
    toJSON: () => ({ solar: { event, latitude, longitude } }),
  };
}

/** Reads what `toJSON` wrote. */
export function readSolar({ event, latitude, longitude }: SolarJson): Schedule {
  // An event that is none of Celery's is refused by `solar`.
  return solar(event as SolarEvent, latitude, longitude);
}

function refuseBeyond(name: string, degrees: number, limit: number): void {
  if (Math.abs(degrees) <= limit) return;
  throw new ConfigurationError(
    `Expected ${name} of a solar schedule to be from -${limit} to ${limit} degrees, got ${degrees}.`,
  );
}
