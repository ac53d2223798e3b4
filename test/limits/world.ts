import type { Context, SQSEvent } from 'aws-lambda';
import { type Clock, type Cloud, silentLogger, Tallo } from 'tallo';
import { consumer } from 'tallo/functions';
import { type Handler, type MemoryCloud, type MemoryCloudOptions, memoryCloud } from 'tallo/testing';

/** What a test's tasks need to know of where they run. */
export interface Surroundings {
  readonly cloud: () => MemoryCloud;
  /** The number of the process. */
  readonly worker: number;
}

export interface World extends AsyncDisposable {
  /** What calls. */
  readonly client: Tallo;
  readonly cloud: MemoryCloud;
  /** Requests to table and queues, and those that Lambda makes to deliver: a receive and a delete for ten deliveries. */
  requests(): number;
}

export interface WorldOptions extends Omit<MemoryCloudOptions, 'handler'> {
  /** How many processes serve the queue, each with an app and a memory of its own. @default 1 */
  readonly workers?: number;
  /** How far ahead the clock of that worker is, milliseconds. @default 0 */
  readonly ahead?: (worker: number) => number;
  /** When a worker wakes up that wanted to sleep until then. @default then */
  readonly wakesAt?: (at: number) => number;
  /** How many batches run at once. @default 40 */
  readonly concurrency?: number;
}

/** Several workers on one memory cloud, which are given its batches in turn. */
export function world(
  define: (app: Tallo, surroundings: Surroundings) => void,
  { workers = 1, ahead = () => 0, wakesAt = (at) => at, concurrency = 40, ...options }: WorldOptions = {},
): World {
  const made = (worker: number) => {
    const app = new Tallo('limits', { queues: { default: { concurrency, timeLimit: '30s' } } });
    define(app, { cloud: () => cloud, worker });
    return app;
  };
  const processes: Handler[] = [];
  let deliveries = 0;
  let batches = 0;
  const handler = async (event: SQSEvent, context: Context) => {
    deliveries += event.Records.length;
    const worker = batches++ % workers;
    processes[worker] ??= started(made(worker), onOtherClock(cloud, { ahead: ahead(worker), wakesAt }));
    return processes[worker](event, context);
  };
  const client = made(-1);
  const cloud: MemoryCloud = memoryCloud(client, { ...options, handler });
  const requests = () => {
    const { send, delay } = cloud.queues.requests;
    const table = Object.values(cloud.table.requests).reduce((sum, count) => sum + count, 0);
    return table + send + delay + (2 * deliveries) / 10;
  };
  return { client, cloud, requests, [Symbol.asyncDispose]: () => client.close() };
}

function started(app: Tallo, cloud: Cloud): Handler {
  app.connect(cloud);
  return consumer(app, { log: silentLogger });
}

function onOtherClock(
  cloud: MemoryCloud,
  { ahead, wakesAt }: { readonly ahead: number; readonly wakesAt: (at: number) => number },
): Cloud {
  const { queues, table, timers, chance } = cloud;
  const now = () => cloud.clock.now();
  const clock: Clock = {
    now: () => now() + ahead,
    sleep: (milliseconds, signal) => cloud.clock.sleep(wakesAt(now() + milliseconds) - now(), signal),
    after: (milliseconds, callBack) => cloud.clock.after(milliseconds, callBack),
  };
  return { ...cloud, queues, table, timers, chance, clock, close: async () => undefined };
}

/** The most starts in any length of time that does not hold its own end. */
export function mostStarts(starts: readonly number[], length: number): number {
  const sorted = starts.toSorted((a, b) => a - b);
  let [most, first] = [0, 0];
  for (const [i, at] of sorted.entries()) {
    while ((sorted[first] ?? at) <= at - length) first += 1;
    most = Math.max(most, i - first + 1);
  }
  return most;
}

export function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}
