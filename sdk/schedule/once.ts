import { ConfigurationError } from '../errors/index.ts';
import type { Schedule } from './schedule.ts';

/** Once, at that date. */
export function once(date: Date): Schedule {
  const at = date.getTime();
  if (Number.isNaN(at)) throw new ConfigurationError('Expected the date of a schedule to be valid, got NaN.');
  const milliseconds = at - Math.floor(at / 1_000) * 1_000;
  return {
    next: (after) => (after < at ? at : undefined),
    // AWS takes whole seconds; what is beyond them is sent ahead.
    wake: () => ({
      expression: `at(${new Date(at - milliseconds).toISOString().slice(0, 19)})`,
      timezone: 'UTC',
      isExact: milliseconds === 0,
      aheadSeconds: milliseconds === 0 ? 0 : 1,
      isOnce: true,
    }),
    toJSON: () => ({ at: date.toISOString() }),
  };
}
