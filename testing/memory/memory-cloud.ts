import { type BeatHandler, beat, type ConsumerOptions, consumer } from '../../functions/index.ts';
import { lanesAsQueues } from '../../sdk/app/lanes.ts';
import { runnableEntry } from '../../sdk/beat/runnable-entry.ts';
import type { Tallo } from '../../sdk/index.ts';
import { type Logger, silentLogger } from '../../sdk/log/logger.ts';
import { localBucketName } from '../../sdk/payloads/bucket-name.ts';
import type { Chance } from '../../sdk/ports/chance.ts';
import type { Cloud } from '../../sdk/ports/cloud.ts';
import type { OutgoingMessage } from '../../sdk/ports/queues.ts';
import { type Duration, toMilliseconds } from '../../sdk/time/duration.ts';
import { MemoryBeat } from './memory-beat.ts';
import { MemoryPayloads } from './memory-payloads.ts';
import type { QueueFaults, QueueShape } from './memory-queue.ts';
import { MemoryQueues } from './memory-queues.ts';
import { MemorySchedules } from './memory-schedules.ts';
import { MemoryTable } from './memory-table.ts';
import { MemoryTimers } from './memory-timers.ts';
import { type Handler, MemoryWorker } from './memory-worker.ts';
import { seededChance } from './seeded-chance.ts';
import { VirtualClock } from './virtual-clock.ts';

/** How the memory cloud behaves. */
export interface MemoryCloudOptions extends QueueFaults, ConsumerOptions {
  /** Decides ids, jitter, the order of messages and where faults fall. @default 1 */
  readonly seed?: number;
  /** The time at the beginning. @default 2026-01-01T00:00:00Z */
  readonly now?: Date;
  /**
   * How long a task may be busy with the real world (a file, a socket) in real time before virtual time passes all the same,
   * and with it the task's time limit. @default '2s'
   */
  readonly patience?: Duration;
  /** The worker's handler; false: no worker, messages stay where they are. @default `consumer(app)` */
  readonly handler?: Handler | false;
  /**
   * Whether schedules fire: those of `app.beat`, as it was called before, and those made at run time. They come up to a minute late, as
   * from EventBridge Scheduler. A function is the beat handler. @default false
   */
  readonly beat?: boolean | BeatHandler;
}

const epoch = new Date('2026-01-01T00:00:00Z');

/**
 * A cloud in memory for tests: the app's queues, its table, timers and a worker, on a clock that jumps over waiting times.
 * The same seed gives the same run. It is the app's cloud from now on, until it is closed.
 *
 * @example
 * ```ts
 * import { Tallo } from 'tallo';
 * import { memoryCloud } from 'tallo/testing';
 *
 * const app = new Tallo('store');
 * const flaky = app.task('flaky', { bind: true, maxRetries: 5 }, (self) => {
 *   if (self.request.retries < 3) self.retry({ countdown: '1h' });
 *   return self.request.retries;
 * });
 * await using cloud = memoryCloud(app, { duplicates: 0.2 });
 *
 * const result = await flaky.delay();
 * console.log(await result.get()); // 3, after three hours that took no time
 * ```
 */
export function memoryCloud(app: Tallo, options: MemoryCloudOptions = {}): MemoryCloud {
  return new MemoryCloud(app, options);
}

/**
 * What `memoryCloud` makes.
 *
 * @example
 * ```ts
 * import { Reject, Tallo } from 'tallo';
 * import { type MemoryCloud, memoryCloud } from 'tallo/testing';
 *
 * const app = new Tallo('store');
 * const ship = app.task('ship', () => {
 *   throw new Reject('no such order');
 * });
 * const cloud: MemoryCloud = memoryCloud(app);
 *
 * await ship.delay();
 * await cloud.untilIdle();
 * console.log(cloud.deadLetters()[0]?.attributes?.['tallo-error']); // Reject: no such order
 * await cloud.stop();
 * ```
 */
export class MemoryCloud implements Cloud {
  readonly queues: MemoryQueues;
  readonly table = new MemoryTable();
  readonly timers: MemoryTimers;
  readonly schedules: MemorySchedules;
  readonly payloads: MemoryPayloads;
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly #app: Tallo;
  readonly #beat: MemoryBeat | undefined;
  readonly #workers: readonly MemoryWorker[];
  #isStopped = false;

  constructor(
    app: Tallo,
    { seed = 1, now = epoch, patience = '2s', handler, beat: given = false, ...options }: MemoryCloudOptions,
  ) {
    this.#app = app;
    this.chance = seededChance(seed);
    this.clock = new VirtualClock(now.getTime(), toMilliseconds(patience, 'patience'));
    this.queues = new MemoryQueues({
      shapes: shapesOf(app),
      clock: this.clock,
      chance: this.chance,
      faults: options,
    });
    // EventBridge Scheduler is exact to the minute.
    const lateness = () => Math.floor(this.chance.random() * 60_000);
    this.timers = new MemoryTimers({ clock: this.clock, queues: this.queues, lateness });
    this.#beat = this.#createBeat(given, lateness);
    this.schedules = new MemorySchedules(this.#beat?.follow);
    const name = app.settings.topology.payloads?.bucketName ?? localBucketName(app.name);
    this.payloads = new MemoryPayloads({ name, clock: this.clock });
    app.connect(this);
    const { middlewares = [], log = silentLogger } = options;
    const handle = handler ?? consumer(app, { middlewares, log });
    this.#workers = handle === false ? [] : this.#startWorkers(handle, log);
    if (this.#beat)
      for (const schedule of app.topology({ now }).schedules) void this.schedules.create(schedule);
  }

  /** Lets time pass, all at once. Whatever is due on the way happens. */
  async advance(duration: Duration): Promise<void> {
    await this.clock.advance(toMilliseconds(duration, 'duration'));
  }

  /**
   * Lets time pass until no message is left, none waits in a timer either, and every worker is idle. Beat, which never ends, rests meanwhile:
   * what it misses by that is seen to afterwards, by the entry's `missed`.
   */
  async untilIdle(): Promise<void> {
    const queues = servedLanes(this.#app).map(({ queueName }) => this.queues.named(queueName));
    const isIdle = () =>
      queues.every(({ size }) => size === 0) &&
      this.timers.size === 0 &&
      (this.#beat?.isIdle ?? true) &&
      this.#workers.every((worker) => worker.isIdle);
    const idle = () => this.clock.until(isIdle);
    await (this.#beat ? this.#beat.rest(idle) : idle());
  }

  /** What lies in the dead-letter queue of that queue: bodies, and the explanations as attributes. */
  deadLetters(queue = this.#app.settings.defaultQueue): readonly OutgoingMessage[] {
    const topology = this.#app.settings.queues.get(queue);
    return topology ? this.queues.named(topology.deadLetterQueueName).peek() : [];
  }

  /** Ends it: the worker takes no more messages, and calls of the app are refused until it is connected again. */
  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    for (const worker of this.#workers) worker.stop();
    this.#beat?.stop();
    await this.#app.close();
  }

  /** The same, under the name that the app calls. */
  close(): Promise<void> {
    return this.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #createBeat(given: boolean | BeatHandler, lateness: () => number): MemoryBeat | undefined {
    if (given === false) return undefined;
    return new MemoryBeat({
      clock: this.clock,
      handler: given === true ? beat(this.#app, { log: silentLogger }) : given,
      entryOf: (event) => runnableEntry(this.#app, event),
      lateness,
      onOver: (name) => void this.schedules.delete(name),
    });
  }

  #startWorkers(handler: Handler, log: Logger): readonly MemoryWorker[] {
    return servedLanes(this.#app).map((topology) => {
      const queue = this.queues.named(topology.queueName);
      return new MemoryWorker({ queue, topology, clock: this.clock, handler, queues: this.queues, log });
    });
  }
}

/** What runs on Celery is served by Python, somewhere else. */
function servedLanes(app: Tallo) {
  const own = app.settings.topology.queues.filter(({ runOn }) => runOn !== 'celery');
  return own.flatMap(lanesAsQueues);
}

function shapesOf(app: Tallo): Readonly<Record<string, QueueShape>> {
  const shapes = app.settings.topology.queues.flatMap((queue): [string, QueueShape][] => {
    const { lanes, deadLetterQueueName, visibilitySeconds, maxReceives } = queue;
    const redrive = { to: deadLetterQueueName, maxReceives };
    return [
      ...lanes.map(({ queueName }): [string, QueueShape] => [queueName, { visibilitySeconds, redrive }]),
      [deadLetterQueueName, { visibilitySeconds }],
    ];
  });
  return Object.fromEntries(shapes);
}
