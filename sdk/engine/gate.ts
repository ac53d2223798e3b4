import { WorkerLostError } from '../errors/index.ts';
import { isReady } from '../result/states.ts';
import type { Envelope } from '../wire/envelope.ts';
import { readMarks } from '../wire/marks.ts';
import type { TaskMeta } from '../wire/task-meta.ts';
import type { Outcome } from './outcome.ts';

/** What the table knows of a call that was delivered before. */
export interface History {
  readonly meta: TaskMeta | undefined;
  /** Whether a row is there that is of an earlier life of the call: one that was buried, and sent back since. */
  readonly isSentBack: boolean;
  /** How often a redelivered message of it was begun. */
  readonly starts: number;
}

/** A message that was begun so often, after its first delivery, is not begun again. */
export const maxStarts = 3;

const expired: Outcome = { kind: 'expired', reason: 'expired' };
const revoked: Outcome = { kind: 'revoked', reason: 'revoked' };

/** What the gate judges by beside the call and its history. */
export interface Moment {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Whether the revoked list names the call. */
  readonly isRevoked: boolean;
}

/** Decides whether a delivery may run: undefined, or the outcome that it has without running. */
export function gate(
  envelope: Envelope,
  history: History | undefined,
  { now, isRevoked }: Moment,
): Outcome | undefined {
  const marks = readMarks(envelope);
  if (history && wasDecided(envelope, history.meta)) return { kind: 'settled', meta: history.meta };
  if (isRevoked || marks.revoked) return revoked;
  if (history && history.starts >= maxStarts) {
    const times = history.starts + 1;
    const error = new WorkerLostError(`The task was begun ${times} times and its worker was lost each time.`);
    return { kind: 'lost', error };
  }
  if (envelope.expires !== null && now > envelope.expires) return expired;
  const at = Math.max(envelope.eta ?? 0, marks.notBefore ?? 0);
  return now < at ? { kind: 'early', at } : undefined;
}

/** Whether the row tells of this attempt's end, or of a later attempt. */
function wasDecided({ retries }: Envelope, meta: TaskMeta | undefined): boolean {
  if (!meta) return false;
  return (
    isReady(meta.state) || meta.retries > retries || (meta.state === 'RETRY' && meta.retries === retries)
  );
}
