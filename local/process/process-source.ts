import { Interruption } from '../../sdk/engine/time-limits.ts';
import type { Clock } from '../../sdk/ports/clock.ts';
import { putBack } from '../event-source/acknowledge.ts';
import { Invocations } from '../event-source/invocations.ts';
import { type Lane, openLanes } from './lane.ts';
import type { ProcessSourceOptions } from './options.ts';
import { type Arrival, receiveByPriority } from './receive-by-priority.ts';
import { Runs } from './runs.ts';

/** A process at work on one queue. It ends only by `stop`. */
export interface ProcessSource {
  /** Tasks that run now. */
  readonly running: number;
  /**
   * Ends the open poll at once and lets what runs go on for that long, milliseconds. What still runs then is interrupted, and its messages
   * are given back, so that another worker has them at once.
   */
  stop(graceMs: number): Promise<void>;
}

/** After an interruption: two seconds for tasks to tidy up, and a while for what has ended to be stored. */
const lastMomentMs = 5_000;

/**
 * Serves one queue as a process does that is no function: up to `batchSize` messages at once, each begun as soon as there is room and none
 * received before. They are kept hidden as long as they run, for hours if need be.
 */
export function startProcessSource(options: ProcessSourceOptions): ProcessSource {
  const { clock, queue, log } = options;
  const stopping = new AbortController();
  const invocations = new Invocations(queue.batchSize, stopping.signal);
  const runs = new Runs(options);
  const polling = poll(openLanes(options, stopping.signal), { invocations, runs, signal: stopping.signal });

  async function stop(graceMs: number): Promise<void> {
    stopping.abort();
    await polling;
    const ended = invocations.end();
    // Nothing runs for longer, and a timer of Node.js that is to last for more than 24 days ends at once.
    if (await isIn(Math.min(graceMs, queue.timeoutSeconds * 1_000), ended, clock)) return;
    runs.interrupt(new Interruption('The worker stops.'));
    if (!(await isIn(lastMomentMs, ended, clock))) runs.giveUp();
    await ended;
    const { returned } = runs;
    if (returned > 0)
      log.info(`returned ${returned} ${returned === 1 ? 'message' : 'messages'} to '${queue.name}'`, {
        queue: queue.name,
        returned,
      });
  }

  return {
    get running() {
      return invocations.running;
    },
    stop,
  };
}

interface Polling {
  readonly invocations: Invocations;
  readonly runs: Runs;
  readonly signal: AbortSignal;
}

async function poll(lanes: readonly Lane[], polling: Polling): Promise<void> {
  const { invocations, signal } = polling;
  while (!signal.aborted) {
    await invocations.room();
    if (signal.aborted) return;
    for (const arrival of await receiveByPriority(lanes, invocations.left, signal))
      await begin(arrival, polling);
  }
}

async function begin({ lane, messages }: Arrival, { invocations, runs, signal }: Polling): Promise<void> {
  const room = signal.aborted ? 0 : invocations.left;
  for (const message of messages.slice(0, room)) invocations.start(runs.serve(message, lane));
  // What is too much, or comes in the moment of the stop, is for whoever polls next.
  await putBack(messages.slice(room), lane.settings);
}

/** Whether it ends in that time. */
async function isIn(milliseconds: number, ended: Promise<void>, clock: Clock): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>();
  const cancel = clock.after(milliseconds, () => resolve(false));
  return await Promise.race([ended.then(() => true), late]).finally(cancel);
}
