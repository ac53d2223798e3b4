import type { AppCore } from '../../sdk/app/app-core.ts';
import type { Connection } from '../../sdk/app/connection.ts';
import { type BeatEvent, readInput } from '../../sdk/beat/definition.ts';
import { type Due, dueSlots, fingerprint } from '../../sdk/beat/due-slots.ts';
import { type RunnableEntry, runnableEntry } from '../../sdk/beat/runnable-entry.ts';
import { ConfigurationError, OperationalError } from '../../sdk/errors/index.ts';
import { jsonLogger, type Logger } from '../../sdk/log/logger.ts';
import { claimEntry } from './claim.ts';
import { sendSlot } from './send-slot.ts';

/** What the beat function may be given besides its app. */
export interface BeatHandlerOptions {
  /** @default JSON lines on standard output */
  readonly log?: Logger;
}

/** The beat function: woken by a schedule of an entry, it sends what is due. */
export type BeatHandler = (event: BeatEvent) => Promise<void>;

/**
 * Makes the beat function of an app: the target of its schedules. It rejects when another wake of the same entry is at work, and when it could
 * not send, so that Lambda tries again: whichever comes to its end, each slot is sent once.
 *
 * @throws ConfigurationError (CONFIGURATION) for an event that is no wake of beat, OperationalError (OPERATIONAL).
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 * @example
 * ```ts
 * import { crontab, Tallo } from 'tallo';
 * import { beat } from 'tallo/functions';
 *
 * const app = new Tallo('store');
 * const report = app.task('reports.daily', () => 'done');
 * app.beat({ 'daily-report': { task: report, schedule: crontab({ hour: 8, minute: 0 }) } });
 *
 * export const handler = beat(app);
 * ```
 */
export function beat(app: AppCore, { log = jsonLogger() }: BeatHandlerOptions = {}): BeatHandler {
  // Lambda gives the init phase more of a processor than most functions have later: the AWS clients load now.
  if (process.env.AWS_LAMBDA_FUNCTION_NAME) app.connection().catch(() => undefined);
  return async (event) => {
    const wake = readInput(event);
    const entry = await runnableEntry(app, wake);
    if (entry) return seeTo(entry, wake, { app, connection: await app.connection(), log });
    log.error('beat was woken for an entry that the app does not have', { entry: wake.name });
  };
}

interface Scene {
  readonly app: AppCore;
  readonly connection: Connection;
  readonly log: Logger;
}

async function seeTo(entry: RunnableEntry, wake: BeatEvent, scene: Scene): Promise<void> {
  const { cloud } = scene.connection;
  const scheduledAt = Date.parse(wake.time);
  if (Number.isNaN(scheduledAt))
    throw new ConfigurationError(`Expected the time of a wake as ISO 8601, got '${wake.time}'.`);
  const claim = await claimEntry(entry.name, cloud);
  if (!claim) {
    throw new OperationalError(
      `Another tick is at beat entry '${entry.name}', or was killed a moment ago. It is looked at again when this one is tried again.`,
    );
  }
  try {
    const { before, wasPaused } = claim;
    // The first wake after a pause sees to its own slots: nobody was to be awake for those before.
    const since = Math.max(wake.since ?? 0, claim.since, wasPaused ? scheduledAt - 1 : 0);
    const due = dueSlots({ ...entry, scheduledAt, now: cloud.clock.now(), before, since });
    await sendAll(entry, due, scene);
    if (!(await claim.done(due.last, fingerprint(entry))))
      scene.log.warn('another tick has taken over', { entry: entry.name });
  } catch (error) {
    // Who comes next need not wait until the lease is over. If this fails too, it must.
    await claim.letGo().catch(() => undefined);
    throw error;
  }
}

/** So many are sent at a time. */
const slotsAtOnce = 100;

async function sendAll(
  entry: RunnableEntry,
  { slots, isCut }: Due,
  { app, connection, log }: Scene,
): Promise<void> {
  const { name } = entry;
  if (isCut) log.warn('too many slots were missed, the older ones will not run', { entry: name });
  if (slots.length === 0) return;
  const signature = await entry.signature();
  for (let i = 0; i < slots.length; i += slotsAtOnce) {
    const some = slots.slice(i, i + slotsAtOnce);
    await Promise.all(some.map((at) => sendSlot(app, signature, { slot: { entry: name, at }, connection })));
  }
  log.info('sent by beat', { entry: name, task: signature.task, slots: slots.map((at) => new Date(at)) });
}
