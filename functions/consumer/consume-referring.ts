import { answerTimeMs } from './before-time.ts';
import type { Process, RemainingTime } from './consume-batch.ts';
import type { Opened } from './open-record.ts';
import { openSuspiciously } from './open-suspiciously.ts';
import { needOf, openReferring, type Referring } from './referring.ts';
import { release } from './release.ts';
import type { Worker } from './scene.ts';

/** What it takes to consume a message whose payload lies elsewhere. */
interface Means extends Pick<Process, 'suspectGate' | 'payloadRoom'> {
  readonly remaining: RemainingTime;
  readonly consume: (opened: readonly Opened[]) => Promise<void>;
}

/** Fetches the payload when there is room for it, and consumes the message with it. One that cannot be fetched comes again. */
export async function consumeReferring(
  entry: Referring,
  worker: Worker,
  { payloadRoom, suspectGate, remaining, consume }: Means,
): Promise<void> {
  const { record, place } = entry;
  const open = () => openReferring(entry, worker);
  const isLate = () => remaining() < place.queue.timeLimitSeconds * 1_000 + answerTimeMs;
  const isFirst = Number(record.attributes.ApproximateReceiveCount) === 1;
  await payloadRoom(needOf(entry, place.queue), async (hasWaited) => {
    if (worker.interruption?.aborted) return;
    if (hasWaited && isLate()) return release(entry, worker);
    const opening = isFirst ? open() : openSuspiciously(entry, worker, { open, suspectGate, isLate });
    const opened = await opening.catch((error: unknown) => {
      const facts = { messageId: record.messageId, error };
      worker.log.error('payload not fetched, the message will be delivered again', facts);
    });
    if (opened) await consume([opened]);
  });
}
