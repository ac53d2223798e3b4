import { type Duration, toMilliseconds } from '../time/duration.ts';

/**
 * How often, and how far apart, a refused send is tried again.
 *
 * Mirrors {@link https://docs.celeryq.dev/en/stable/userguide/calling.html#retry-policy Celery's retry policy}.
 */
export interface PublishRetryPolicy {
  /** @default 3; `null`: for ever */
  readonly maxRetries?: number | null;
  /** Pause before the first retry. @default 0 */
  readonly intervalStart?: Duration;
  /** How much longer each further pause is. @default 0.2 */
  readonly intervalStep?: Duration;
  /** The longest pause. @default 1 */
  readonly intervalMax?: Duration;
}

/** The pause before retry number `retry` (0 is the first), milliseconds; undefined when no more are left. */
export function publishPause(policy: PublishRetryPolicy | false, retry: number): number | undefined {
  if (policy === false) return undefined;
  const { maxRetries = 3, intervalStart = 0, intervalStep = 0.2, intervalMax = 1 } = policy;
  if (maxRetries !== null && retry >= maxRetries) return undefined;
  const start = toMilliseconds(intervalStart, 'intervalStart');
  const step = toMilliseconds(intervalStep, 'intervalStep');
  return Math.min(start + retry * step, toMilliseconds(intervalMax, 'intervalMax'));
}
