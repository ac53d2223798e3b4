import type { Clock } from '../../sdk/ports/clock.ts';
import type { RemainingTime } from './consume-batch.ts';

/** Kept for the answer: what is stored by then is acknowledged, the rest comes again. */
export const answerTimeMs = 300;

/** Waits for the work, but not past the moment when the answer must leave. */
export async function beforeTime(
  work: Promise<unknown>,
  { clock, remaining }: { readonly clock: Clock; readonly remaining: RemainingTime },
): Promise<void> {
  const left = remaining();
  if (!Number.isFinite(left)) {
    await work;
    return;
  }
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = clock.after(Math.max(0, left - answerTimeMs), resolve);
  await Promise.race([work, promise]).finally(cancel);
}
