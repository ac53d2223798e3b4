import { isProcess } from '../../sdk/app/run-on.ts';
import { findTask } from '../../sdk/engine/builtin-tasks.ts';
import type { Delivery } from '../../sdk/engine/delivery.ts';
import { effectsOf } from '../../sdk/engine/effects.ts';
import type { Outcome } from '../../sdk/engine/outcome.ts';
import type { Run } from '../../sdk/engine/run-task.ts';
import { DecodeError, PayloadTooLargeError } from '../../sdk/errors/index.ts';
import { carryOut } from './carry-out.ts';
import type { Worker } from './scene.ts';
import { type Work, workerName } from './work.ts';
import { followersOf } from './workflow/followers.ts';

/**
 * Carries out what follows from an outcome; if that is too large to be stored, or cannot be read, what follows from this failure.
 *
 * @returns whether a row tells of the outcome
 */
export async function settle(run: Run, work: Work, worker: Worker): Promise<boolean> {
  try {
    return await settleUnlessTooLarge(run, work, worker);
  } catch (error) {
    if (!(error instanceof PayloadTooLargeError || error instanceof DecodeError)) throw error;
    const what = error instanceof DecodeError ? 'what follows cannot be read' : 'too large to store';
    worker.log.error(what, { error });
    const failed: Run = { outcome: { kind: 'failure', error }, children: [], added: [] };
    return settleAs(failed, work, { ...worker, extended: false });
  }
}

/** Arguments are stored beside the result if the app wishes, but not at its expense. */
async function settleUnlessTooLarge(run: Run, work: Work, worker: Worker): Promise<boolean> {
  const { resultExtended } = worker.app.settings;
  try {
    return await settleAs(run, work, { ...worker, extended: resultExtended });
  } catch (error) {
    if (!resultExtended || !(error instanceof PayloadTooLargeError)) throw error;
    return settleAs(run, work, { ...worker, extended: false });
  }
}

async function settleAs(
  run: Run,
  { delivery, history, onRow, onPart }: Work,
  worker: Worker & { readonly extended: boolean },
): Promise<boolean> {
  const { envelope } = delivery;
  const { app, connection, extended, revocations } = worker;
  const isFirst = history?.isSentBack ?? (isFirstDelivery(delivery) && history?.meta === undefined);
  const circumstances = {
    ...run,
    task: findTask(app, envelope.task),
    now: connection.cloud.clock.now(),
    extended,
    worker: workerName,
    // A copy of a message that was revoked may have stored its end while this one ran.
    isFirst: isFirst && revocations.find(delivery) === undefined,
  };
  const scene = { ...worker, delivery, onRow, onPart };
  const effectsFor = async (outcome: Outcome) => {
    const chain = await followersOf(envelope, outcome, connection.cloud.table);
    return effectsOf(outcome, delivery, { ...circumstances, chain });
  };
  const effects = await effectsFor(run.outcome);
  const earlier = await carryOut(effects, scene);
  // Another delivery was earlier. If it was one of this message, it may not have come to do what follows.
  if (earlier) await carryOut(await effectsFor({ kind: 'settled', meta: earlier }), scene);
  return effects.some(({ kind }) => kind === 'store');
}

/** A process may have been cut off for longer than its messages stay hidden: what it stores then comes after the end of another delivery. */
function isFirstDelivery({ receives, queue }: Delivery): boolean {
  return receives === 1 && !isProcess(queue.runOn);
}
