import type { Context, SQSEvent } from 'aws-lambda';
import { type Cloud, silentLogger, Tallo } from 'tallo';
import { consumer } from 'tallo/functions';
import { type MemoryCloud, type MemoryCloudOptions, memoryCloud } from 'tallo/testing';

export interface World extends AsyncDisposable {
  readonly app: Tallo;
  readonly cloud: MemoryCloud;
  /** Another process that calls, on the same cloud. */
  caller(cloud?: Partial<Cloud>): Tallo;
  /** Requests to the table so far. */
  tableRequests(): number;
}

/** An app, two workers that take batches in turn, and as many callers as a test wants. */
export function world(
  define: (app: Tallo, cloud: () => MemoryCloud) => void,
  options: Omit<MemoryCloudOptions, 'handler'> = {},
): World {
  const made = () => {
    const app = new Tallo('calls', { resultExpires: '1d' });
    define(app, () => cloud);
    return app;
  };
  const workers = [made(), made()].map((app) => ({ app, handle: consumer(app, { log: silentLogger }) }));
  let batches = 0;
  const handler = async (event: SQSEvent, context: Context) => {
    const worker = workers[batches++ % workers.length];
    if (!worker) throw new Error('Expected a worker.');
    worker.app.connect(cloud);
    return worker.handle(event, context);
  };
  const app = made();
  const cloud: MemoryCloud = memoryCloud(app, { ...options, handler });
  const caller = (changes: Partial<Cloud> = {}) => {
    const other = made();
    const { queues, table, timers, schedules, payloads, clock, chance } = cloud;
    other.connect({
      queues,
      table,
      timers,
      schedules,
      payloads,
      clock,
      chance,
      close: async () => undefined,
      ...changes,
    });
    return other;
  };
  const tableRequests = () => Object.values(cloud.table.requests).reduce((sum, count) => sum + count, 0);
  return { app, cloud, caller, tableRequests, [Symbol.asyncDispose]: () => cloud.stop() };
}

/** The messages that leave, by the name of their queue. */
export function watchSends(cloud: MemoryCloud) {
  const sent: { queue: string; groupId: string | undefined; body: string }[] = [];
  const send = cloud.queues.send.bind(cloud.queues);
  cloud.queues.send = (queue, messages) => {
    for (const { groupId, body } of messages) sent.push({ queue, groupId, body });
    return send(queue, messages);
  };
  return sent;
}

/** A table and queues that answer nothing from a moment on, as if whoever uses them had died. */
export function dying(cloud: MemoryCloud) {
  let isDead = false;
  const unless = <T>(work: () => Promise<T>): Promise<T> => (isDead ? new Promise<T>(() => {}) : work());
  const { table, queues } = cloud;
  return {
    die: () => {
      isDead = true;
    },
    table: {
      read: (...given: Parameters<typeof table.read>) => unless(() => table.read(...given)),
      put: (...given: Parameters<typeof table.put>) => unless(() => table.put(...given)),
      putAll: (...given: Parameters<typeof table.putAll>) => unless(() => table.putAll(...given)),
      change: (...given: Parameters<typeof table.change>) => unless(() => table.change(...given)),
      delete: (...given: Parameters<typeof table.delete>) => unless(() => table.delete(...given)),
    },
    queues: {
      send: (...given: Parameters<typeof queues.send>) => unless(() => queues.send(...given)),
      receive: (...given: Parameters<typeof queues.receive>) => unless(() => queues.receive(...given)),
      delete: (...given: Parameters<typeof queues.delete>) => unless(() => queues.delete(...given)),
      delay: (...given: Parameters<typeof queues.delay>) => unless(() => queues.delay(...given)),
    },
  };
}

/** The cloud of a caller that dies when it has written its first row. */
export function dyingAfterRow(cloud: MemoryCloud) {
  const { die, table, queues } = dying(cloud);
  const put = async (...given: Parameters<typeof table.put>) => {
    const isPut = await table.put(...given);
    die();
    return isPut;
  };
  return { table: { ...table, put }, queues };
}

export function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}
