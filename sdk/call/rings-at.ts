import { createHash } from 'node:crypto';
import type { QueueTopology } from '../app/topology.ts';

/** EventBridge Scheduler is exact to the minute. */
const timersLateByMs = 60_000;

/** Time for the message to get to its worker, which sends it on for the rest. */
const deliveryMs = 30_000;

/** Scheduler starts a thousand a second, and many calls are often due at the same minute. */
const spreadMs = 300_000;

/**
 * When the timer of a call is to ring, epoch milliseconds: so early that what is left can be a delay, also if it rings late, and
 * apart from the timers of others that are due together.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html
 */
export function ringsAt(id: string, dueAt: number, { runOn, batchWindowSeconds }: QueueTopology): number {
  // Celery's workers keep the message until it is due, and longer than its visibility timeout they must not.
  if (runOn === 'celery') return dueAt - timersLateByMs;
  const share = createHash('sha256').update(id).digest().readUInt32BE() / 2 ** 32;
  return dueAt - timersLateByMs - deliveryMs - batchWindowSeconds * 1_000 - Math.floor(share * spreadMs);
}
