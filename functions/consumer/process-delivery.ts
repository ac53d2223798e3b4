import { hostname } from 'node:os';
import type { AppCore } from '../../sdk/app/app-core.ts';
import { findTask } from '../../sdk/engine/builtin-tasks.ts';
import type { Delivery } from '../../sdk/engine/delivery.ts';
import { effectsOf } from '../../sdk/engine/effects.ts';
import { gate, type History } from '../../sdk/engine/gate.ts';
import type { Outcome } from '../../sdk/engine/outcome.ts';
import { type Run, runTask } from '../../sdk/engine/run-task.ts';
import type { SaveState } from '../../sdk/engine/state-updates.ts';
import { newMeta } from '../../sdk/engine/storing.ts';
import { limitsOf } from '../../sdk/engine/time-limits.ts';
import { ChordError, DecodeError, NotRegistered, PayloadTooLargeError } from '../../sdk/errors/index.ts';
import { checkEmbed } from '../../sdk/flow/check-embed.ts';
import { hasReferences, resolveReferences } from '../../sdk/flow/results-reference.ts';
import type { TaskDefinition } from '../../sdk/task/task-definition.ts';
import { carryOut } from './carry-out.ts';
import { markStart, unmarkStart } from './history.ts';
import { logOutcome } from './log-outcome.ts';
import type { Stages, Worker } from './scene.ts';
import { storeUnlessReady } from './store-row.ts';
import { followersOf } from './workflow/followers.ts';

/** Asking the operating system for each result would take as long as writing it. */
const workerName = hostname();

/** One delivery and what belongs to it. */
export interface Work extends Stages {
  readonly delivery: Delivery;
  /** Undefined for a message seen for the first time. */
  readonly history: History | undefined;
}

/** Takes a delivery from the gate to its stored effects. When it resolves, the message may be acknowledged. */
export async function processDelivery(work: Work, worker: Worker): Promise<void> {
  const { envelope } = work.delivery;
  const { cloud } = worker.connection;
  const log = worker.log.child({ task: envelope.task, taskId: envelope.id, attempt: envelope.retries });
  const start = cloud.clock.now();
  const run = await reachOutcome(work, { ...worker, log });
  logOutcome(run.outcome, log, (cloud.clock.now() - start) / 1_000);
  let isTold = false;
  try {
    isTold = await settle(run, work, { ...worker, log });
  } finally {
    // Where no row tells of the outcome, the start would look as if its worker had been lost.
    if (run.isMarked && !isTold) await unmarkStart(work.delivery, cloud).catch(() => undefined);
  }
}

interface MarkedRun extends Run {
  /** Whether the run was counted as a start. */
  readonly isMarked: boolean;
}

async function reachOutcome({ delivery, history }: Work, worker: Worker): Promise<MarkedRun> {
  const { app, connection, log } = worker;
  const { envelope } = delivery;
  const { cloud } = connection;
  const task = findTask(app, envelope.task);
  const closed = gate(envelope, history, cloud.clock.now()) ?? refusalOf(delivery, app);
  if (closed || !task) return unstarted(closed ?? { kind: 'ignored' });
  const isMarked = delivery.receives > 1;
  if (isMarked) await markStart(delivery, cloud);
  const resolved = await resolve(delivery, worker);
  if ('kind' in resolved) return { ...unstarted(resolved), isMarked };
  const saveState = stateSaver(task, delivery, { app, connection });
  if (task.trackStarted) await saveState('STARTED', { pid: process.pid, hostname: workerName });
  const { clock, chance } = cloud;
  const limits = limitsOf(task, delivery);
  const run = await runTask(task, resolved, { clock, chance, log, saveState, limits, mode: 'worker' });
  return { ...run, isMarked };
}

function unstarted(outcome: Outcome): MarkedRun {
  return { outcome, children: [], added: [], isMarked: false };
}

/** The delivery with the results that its arguments refer to, or the failure to find them. */
async function resolve(delivery: Delivery, { connection }: Worker): Promise<Delivery | Outcome> {
  const { envelope } = delivery;
  if (!hasReferences(envelope.args)) return delivery;
  try {
    const args = await resolveReferences(envelope.args, connection.cloud);
    return { ...delivery, envelope: { ...envelope, args } };
  } catch (error) {
    if (error instanceof ChordError) return { kind: 'failure', error };
    if (error instanceof DecodeError) return { kind: 'refused', error };
    throw error;
  }
}

/** States along the way are of no use where the end is not stored either: they would stand for ever. */
function stateSaver(
  task: TaskDefinition,
  { envelope, queue }: Delivery,
  scene: Pick<Worker, 'app' | 'connection'>,
): SaveState {
  if (envelope.ignoreResult || task.ignoreResult) return () => Promise.resolve();
  return (state, result) => storeUnlessReady({ ...newMeta(envelope, queue.name), state, result }, scene);
}

/**
 * Carries out what follows from an outcome; if that is too large to be stored, or cannot be read, what follows from this failure.
 *
 * @returns whether a row tells of the outcome
 */
async function settle(run: Run, work: Work, worker: Worker): Promise<boolean> {
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
  { app, connection, log, extended }: Worker & { readonly extended: boolean },
): Promise<boolean> {
  const { envelope } = delivery;
  const circumstances = {
    ...run,
    task: findTask(app, envelope.task),
    now: connection.cloud.clock.now(),
    extended,
    worker: workerName,
    isFirst: history?.isSentBack ?? (delivery.receives === 1 && history?.meta === undefined),
  };
  const scene = { app, connection, log, delivery, onRow, onPart };
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

/** What cannot be run, however often it is tried. */
function refusalOf({ envelope }: Delivery, app: AppCore): Outcome | undefined {
  if (!findTask(app, envelope.task)) return unknownTask(envelope.task, app);
  try {
    checkEmbed(envelope.embed);
    return undefined;
  } catch (error) {
    if (error instanceof DecodeError) return { kind: 'refused', error };
    throw error;
  }
}

function unknownTask(name: string, { definitions, name: app }: AppCore): Outcome {
  const known = [...definitions.keys()].slice(0, 20).join(', ');
  const error = new NotRegistered(
    `Expected a task that app '${app}' defines (${known || 'none'}), got '${name}'. Is its module imported?`,
  );
  return { kind: 'refused', error };
}
