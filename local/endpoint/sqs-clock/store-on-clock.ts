import type { Clock } from '../../../sdk/ports/clock.ts';
import { isObject } from '../json-protocol.ts';
import { type FauxQueue, isDelayed, isFauxQueue } from './faux-queue.ts';
import { runOnClock } from './run-on-clock.ts';

/** The store of fauxqs, as far as we use it. */
interface FauxStore {
  createQueue(...details: readonly unknown[]): FauxQueue;
}

/** A store for fauxqs whose queues run on a clock, and the end of their timers. */
export interface ClockedStore {
  readonly sqsStore: object;
  stop(): void;
}

/**
 * Makes the store that fauxqs takes in place of its own, which knows only the machine's clock.
 *
 * @throws Error if the installed version of fauxqs keeps its store elsewhere.
 */
export async function storeOnClock(clock: Clock): Promise<ClockedStore> {
  const sqsStore = await openStore();
  const createQueue = sqsStore.createQueue.bind(sqsStore);
  const stopping = new AbortController();
  sqsStore.createQueue = (...details) => {
    const queue = createQueue(...details);
    runOnClock(queue, clock, stopping.signal);
    return queue;
  };
  return { sqsStore, stop: () => stopping.abort() };
}

/** The class lies in a file that fauxqs does not export. */
async function openStore(): Promise<FauxStore> {
  const file = new URL('./sqs/sqsStore.js', import.meta.resolve('fauxqs'));
  const module: unknown = await import(file.href).catch(() => undefined);
  return storeOf(module);
}

/**
 * A store of that module's class.
 *
 * @throws Error where queues or messages are not what we know: what bears another name would go on by the machine's clock, in silence.
 */
export function storeOf(module: unknown): FauxStore {
  const { SqsStore } = isObject(module) ? module : {};
  if (typeof SqsStore === 'function') {
    const probe = Reflect.construct(SqsStore, []);
    const queue: unknown = probe.createQueue?.('probe', 'probe', 'probe', {}, {});
    const message: unknown = Reflect.get(SqsStore, 'createMessage')?.call(SqsStore, 'probe', {}, 1);
    if (isFauxQueue(queue) && isDelayed(message)) return Reflect.construct(SqsStore, []);
  }
  throw new Error(
    'Expected fauxqs 2.4, got a version whose queues can be given no clock. Leave out the clock, or install 2.4.',
  );
}
