import { type MemoryCloud, memoryCloud } from 'tallo/testing';
import { startPump } from './pump.ts';
import { type End, endOf, type Half, type Recording, type Stage } from './recording.ts';

export interface ReplayOptions {
  /** What to make of a message before it waits. */
  readonly altered?: (body: string) => string;
}

/** Takes over where the other version was stopped: its messages, timers and rows are there, and today's code goes on. */
export async function replay(
  play: () => Stage,
  { recording, half }: { readonly recording: Recording; readonly half: Half },
  { altered = (body) => body }: ReplayOptions = {},
): Promise<End> {
  const { app, seen, parallel = 1 } = play();
  const waiting = half.waiting
    .map((one) => messageOf(one, recording))
    .toSorted((one, other) => one.at - other.at);
  const now = new Date(Math.min(half.now, ...waiting.map(({ at }) => at)));
  const cloud = memoryCloud(app, { seed: 11, reorder: false, handler: false, now });
  for (const { queue, at, ...message } of waiting) {
    await goTo(cloud, at);
    await cloud.queues.send(queue, [{ ...message, body: altered(message.body) }]);
  }
  await goTo(cloud, half.now);
  for (const row of half.rows) await cloud.table.put(row);
  for (const timer of half.timers.flatMap((i) => recording.timers[i] ?? [])) await cloud.timers.set(timer);
  startPump(app, cloud, { parallel });
  await cloud.untilIdle();
  const end = endOf(cloud, [...half.seen, ...seen]);
  await cloud.stop();
  return { ...end, deadLetters: end.deadLetters + half.deadLetters };
}

/** A timer's message is sent when it rings: nobody has noted when that was, so it was just now. */
function messageOf(one: Half['waiting'][number], { sent, timers }: Recording) {
  const found = 'sent' in one ? sent[one.sent] : undefined;
  if (found) return found;
  const timer = 'timer' in one ? timers[one.timer] : undefined;
  if (!timer) throw new Error(`Expected a message that was recorded, got ${JSON.stringify(one)}.`);
  return { ...timer.message, queue: timer.queueName, at: timer.at };
}

async function goTo(cloud: MemoryCloud, at: number): Promise<void> {
  await cloud.advance(Math.max(0, at - cloud.clock.now()) / 1_000);
}
