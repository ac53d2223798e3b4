import { Tallo } from 'tallo';
import { type MemoryCloud, type MemoryCloudOptions, memoryCloud } from 'tallo/testing';
import { protocol2 } from '../consumer/bad-input.ts';

/** A run of a task, and when it began. */
export interface Start {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface WorldOptions extends MemoryCloudOptions {
  /** How many batches run at once. @default 10 */
  readonly concurrency?: number;
  readonly base64?: boolean;
}

/** An app whose tasks note when they begin. */
export function world({ concurrency = 10, base64 = false, ...options }: WorldOptions = {}) {
  const queues = { default: { concurrency, base64 } };
  // Results are looked at when years have passed.
  const app = new Tallo('time', { queues, resultExpires: '1000d' });
  const starts: Start[] = [];
  // The tasks are defined before there is a cloud.
  const held: { cloud?: MemoryCloud } = {};
  const now = () => held.cloud?.clock.now() ?? 0;
  const note = app.task('note', (name: string) => {
    starts.push({ name, at: now() });
    return name;
  });
  const cloud = memoryCloud(app, options);
  held.cloud = cloud;
  return {
    ...{ app, cloud, starts, note },
    /** Starts of that name, in seconds since the beginning. */
    startsOf: (name: string) =>
      starts.filter((start) => start.name === name).map(({ at }) => (at - begin) / 1_000),
    [Symbol.asyncDispose]: () => cloud.stop(),
  };
}

/** When every memory cloud begins. */
export const begin = Date.UTC(2026, 0, 1);

/** That many seconds after the beginning. */
export const at = (seconds: number) => new Date(begin + seconds * 1_000);

export const minute = 60;
export const hour = 3_600;
export const day = 86_400;

/** Whether something began when it was due: not before, and less than a second after. */
export function isOnTime(startedAt: number, dueAt: number): boolean {
  return startedAt >= dueAt && startedAt < dueAt + 1_000;
}

/** Whether each of those began when it was due, and no other: seconds since the beginning. */
export function wereOnTime(starts: readonly number[], due: readonly number[]): boolean {
  const pairs = due.map((seconds, index) => [starts[index] ?? 0, seconds] as const);
  return (
    starts.length === due.length &&
    pairs.every(([start, seconds]) => isOnTime(start * 1_000, seconds * 1_000))
  );
}

/** A message of `note` as a producer in Python sends it, which leaves it to the worker to wait. */
export function early(id: string, seconds: number) {
  const { headers, ...rest } = JSON.parse(protocol2({ task: 'note', id, args: '["early"]' }));
  const eta = at(seconds).toISOString().replace('Z', '000+00:00');
  return { body: JSON.stringify({ ...rest, headers: { ...headers, eta, origin: 'gen1@host' } }) };
}
