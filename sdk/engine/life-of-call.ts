import type { Envelope } from '../wire/envelope.ts';
import { readMarks, withMarks } from '../wire/marks.ts';

/** How far the clocks of a worker and of SQS may be apart. */
export const clockSkewMs = 60_000;

/**
 * Since when a call is on its way. A message that we have sent again ourselves, such as one that was put off, is of the life that
 * began when the call was made: what copies of it have stored since then counts. One that was sent back from the dead-letter queue
 * begins another life, which shows in its being sent long after the time that we had planned.
 */
export function lifeOf(
  envelope: Envelope,
  sentAt: number,
): { readonly envelope: Envelope; readonly sentAt: number } {
  const { sent, receives: _before, ...marks } = readMarks(envelope);
  if (sent === undefined) return { envelope, sentAt };
  const planned = Math.max(sent, marks.notBefore ?? 0, envelope.eta ?? 0);
  if (sentAt <= planned + clockSkewMs + earlyNoteMs) return { envelope, sentAt: Math.min(sent, sentAt) };
  return { envelope: withMarks(envelope, marks), sentAt };
}

/** A note may say a little less than the time that is meant. */
const earlyNoteMs = 2_000;
