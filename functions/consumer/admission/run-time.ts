import { limitsOf } from '../../../sdk/engine/time-limits.ts';
import type { Candidate } from './stage.ts';

/** Kept at the end of an invocation: for what comes after the run, and for the answer. */
const afterRunMs = 400;

/** The longest that the call may run, milliseconds. */
export function runTimeMs({ task, delivery }: Pick<Candidate, 'task' | 'delivery'>): number {
  return limitsOf(task, delivery).hard * 1_000;
}

/** How long a call may wait in this invocation so that time is left for a whole run, milliseconds; below 0 if there is none now. */
export function timeToSpare(candidate: Candidate): number {
  return candidate.remaining() - runTimeMs(candidate) - afterRunMs;
}

/** Whether time is left for a whole run after that. */
export function hasTimeAfter(milliseconds: number, candidate: Candidate): boolean {
  return milliseconds <= timeToSpare(candidate);
}

/** A worker that is late by less than this still holds what it has taken. */
const leaseMarginMs = 5_000;

/** Until when whoever begins such a run now keeps what it takes for it, epoch milliseconds. A run may be held up before it begins. */
export function leaseEnd(
  candidate: Candidate,
  now: number,
  { isHeldUp }: { readonly isHeldUp: boolean },
): number {
  const left = candidate.remaining();
  const longest =
    isHeldUp && Number.isFinite(left) ? Math.max(left, runTimeMs(candidate)) : runTimeMs(candidate);
  return now + longest + leaseMarginMs;
}
