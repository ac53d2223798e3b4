import type { Duration } from '../../sdk/index.ts';
import { toSeconds } from '../../sdk/time/duration.ts';
import { readInstant as parseInstant } from '../../sdk/wire/instant.ts';
import { UsageError } from '../usage-error.ts';

/** Reads seconds, or text such as `10m`. @throws ConfigurationError (CONFIGURATION) that names the option. */
export function readDuration(option: string): (text: string) => Duration {
  // The cast is safe: what is no duration is refused there.
  return (text) => toSeconds(/^\d+(\.\d+)?$/.test(text) ? Number(text) : (text as Duration), option);
}

/** Reads an ISO 8601 instant; one without a zone is UTC, as in Celery. */
export function readInstant(option: string): (text: string) => Date {
  return (text) => {
    const instant = parseInstant(text);
    if (!Number.isNaN(instant)) return new Date(instant);
    throw new UsageError(`Expected ${option} to be an instant such as 2027-01-31T18:00:00Z, got ${text}.`);
  };
}

/** Reads either of the two: only an instant has a date in front. */
export function readDurationOrInstant(option: string): (text: string) => Duration | Date {
  return (text) => (/^\d{4}-/.test(text) ? readInstant(option) : readDuration(option))(text);
}
