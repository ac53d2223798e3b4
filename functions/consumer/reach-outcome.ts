import type { AppCore } from '../../sdk/app/app-core.ts';
import { findTask } from '../../sdk/engine/builtin-tasks.ts';
import type { Delivery } from '../../sdk/engine/delivery.ts';
import { gate } from '../../sdk/engine/gate.ts';
import type { Outcome } from '../../sdk/engine/outcome.ts';
import { type Run, runTask } from '../../sdk/engine/run-task.ts';
import type { SaveState } from '../../sdk/engine/state-updates.ts';
import { newMeta } from '../../sdk/engine/storing.ts';
import { limitsOf } from '../../sdk/engine/time-limits.ts';
import { ArgumentsError, ChordError, DecodeError, NotRegistered } from '../../sdk/errors/index.ts';
import { checkEmbed } from '../../sdk/flow/check-embed.ts';
import { hasReferences, resolveReferences } from '../../sdk/flow/results-reference.ts';
import { decodeArguments } from '../../sdk/task/arguments.ts';
import type { TaskDefinition } from '../../sdk/task/task-definition.ts';
import { admit } from './admission/admit.ts';
import { dissolve } from './admission/debounce.ts';
import { markStart, unmarkStart } from './history.ts';
import { refuseIfInterrupted, watchBoth } from './interruption.ts';
import type { Worker } from './scene.ts';
import { storeUnlessReady } from './store-row.ts';
import { type Work, workerName } from './work.ts';

export interface MarkedRun extends Run {
  /** Whether the run was counted as a start. */
  readonly isMarked: boolean;
  /** As it has run, where a stage has changed it. */
  readonly delivery?: Delivery;
  /** To be told when the effects are carried out, with whether a row tells of the outcome. */
  readonly settled?: (isTold: boolean) => Promise<void>;
}

/** Takes a delivery through the gate and the stages, and runs its task. */
export async function reachOutcome(work: Work, worker: Worker): Promise<MarkedRun> {
  const { app, connection, revocations } = worker;
  const { delivery, history, remaining } = work;
  const task = findTask(app, delivery.envelope.task);
  const judge = () => {
    const isRevoked = revocations.find(delivery) !== undefined;
    return gate(delivery.envelope, history, { now: connection.cloud.clock.now(), isRevoked });
  };
  const closed = judge() ?? refusalOf(delivery, app);
  if (closed?.kind === 'revoked' || closed?.kind === 'refused') await dissolve(delivery, worker);
  if (closed || !task) return unstarted(closed ?? { kind: 'ignored' });
  const arrival = {
    ...{ delivery, task, remaining },
    parametersOf: (current: Delivery) => parametersOf(task, current, worker),
  };
  const admission = await admit(arrival, worker.stages, worker);
  if ('kind' in admission) return unstarted(admission);
  // It may have waited in a stage.
  const late = judge();
  const run = late
    ? unstarted(late)
    : await admission.orDrop(() => runAdmitted(task, admission.delivery, worker));
  const { ended, settled } = admission;
  return { ...run, delivery: admission.delivery, outcome: await ended(run.outcome), settled };
}

/** The arguments of a delivery, with what they refer to. */
async function parametersOf(task: TaskDefinition, delivery: Delivery, worker: Worker) {
  const resolved = await resolve(delivery, worker);
  if ('kind' in resolved) throw new ArgumentsError('The results that the arguments refer to cannot be read.');
  return decodeArguments(task, resolved.envelope);
}

async function runAdmitted(task: TaskDefinition, delivery: Delivery, worker: Worker): Promise<MarkedRun> {
  const { cloud } = worker.connection;
  const isMarked = delivery.receives > 1;
  refuseIfInterrupted(worker.interruption);
  if (isMarked) await markStart(delivery, cloud);
  try {
    return { ...(await runResolved(task, delivery, worker)), isMarked };
  } catch (error) {
    // Whatever kept it from an outcome, its worker was not lost.
    if (isMarked) await unmarkStart(delivery, cloud).catch(() => undefined);
    throw error;
  }
}

async function runResolved(task: TaskDefinition, delivery: Delivery, worker: Worker): Promise<Run> {
  const { app, connection, log, revocations, interruption } = worker;
  const { cloud } = connection;
  const resolved = await resolve(delivery, worker);
  if ('kind' in resolved) return unstarted(resolved);
  const saveState = stateSaver(task, delivery, { app, connection });
  if (task.trackStarted) await saveState('STARTED', { pid: process.pid, hostname: workerName });
  const { clock, chance } = cloud;
  const { queues } = app.settings;
  const watch = watchBoth(revocations.watch(delivery), interruption);
  const watched = { limits: limitsOf(task, delivery), watch, queues };
  return runTask(task, resolved, { clock, chance, log, saveState, ...watched, mode: 'worker' });
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
