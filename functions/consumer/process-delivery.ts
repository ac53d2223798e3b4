import { hostname } from 'node:os';
import type { AppCore } from '../../sdk/app/app-core.ts';
import type { Connection } from '../../sdk/app/connection.ts';
import type { Delivery } from '../../sdk/engine/delivery.ts';
import { effectsOf, newMeta } from '../../sdk/engine/effects.ts';
import { gate, type History } from '../../sdk/engine/gate.ts';
import type { Outcome } from '../../sdk/engine/outcome.ts';
import { type Run, runTask } from '../../sdk/engine/run-task.ts';
import type { SaveState } from '../../sdk/engine/state-updates.ts';
import { limitsOf } from '../../sdk/engine/time-limits.ts';
import { DecodeError, NotRegistered, PayloadTooLargeError } from '../../sdk/errors/index.ts';
import type { Logger } from '../../sdk/log/logger.ts';
import type { TaskDefinition } from '../../sdk/task/task-definition.ts';
import { hasSuccessors } from '../../sdk/wire/envelope.ts';
import { carryOut, storeUnlessReady } from './carry-out.ts';
import { markStart, unmarkStart } from './history.ts';
import { logOutcome } from './log-outcome.ts';

/** Asking the operating system for each result would take as long as writing it. */
const workerName = hostname();

/** What a worker works with. */
export interface Worker {
  readonly app: AppCore;
  readonly connection: Connection;
  readonly log: Logger;
}

/** One delivery and what belongs to it. */
export interface Work {
  readonly delivery: Delivery;
  /** Undefined for a message seen for the first time. */
  readonly history: History | undefined;
  /** Called when the last effect is under way. */
  readonly onLast: () => void;
}

/** Takes a delivery from the gate to its stored effects. When it resolves, the message may be acknowledged. */
export async function processDelivery(work: Work, worker: Worker): Promise<void> {
  const { envelope } = work.delivery;
  const { cloud } = worker.connection;
  const log = worker.log.child({ task: envelope.task, taskId: envelope.id, attempt: envelope.retries });
  const start = cloud.clock.now();
  const run = await reachOutcome(work, { ...worker, log });
  logOutcome(run.outcome, log, (cloud.clock.now() - start) / 1_000);
  try {
    await settle(run, work, { ...worker, log });
  } catch (error) {
    if (run.isMarked) await unmarkStart(work.delivery, cloud).catch(() => undefined);
    throw error;
  }
}

interface MarkedRun extends Run {
  /** Whether the run was counted as a start. */
  readonly isMarked: boolean;
}

async function reachOutcome(
  { delivery, history }: Work,
  { app, connection, log }: Worker,
): Promise<MarkedRun> {
  const { envelope } = delivery;
  const { cloud } = connection;
  const task = app.definitions.get(envelope.task);
  const closed = gate(envelope, history, cloud.clock.now()) ?? refusalOf(delivery, app);
  if (closed || !task) return { outcome: closed ?? { kind: 'ignored' }, children: [], isMarked: false };
  if (history) await markStart(delivery, cloud);
  const saveState = stateSaver(task, delivery, { app, connection });
  if (task.trackStarted) await saveState('STARTED', { pid: process.pid, hostname: workerName });
  const { clock, chance } = cloud;
  const limits = limitsOf(task, delivery);
  const run = await runTask(task, delivery, { clock, chance, log, saveState, limits, mode: 'worker' });
  return { ...run, isMarked: history !== undefined };
}

/** What cannot be run, however often it is tried. */
function refusalOf({ envelope }: Delivery, app: AppCore): Outcome | undefined {
  if (!app.definitions.has(envelope.task)) return { kind: 'refused', error: unknownTask(envelope.task, app) };
  return hasSuccessors(envelope.embed) ? { kind: 'refused', error: noWorkflows() } : undefined;
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

/** Carries out what follows from an outcome; if that is too large to be stored, what follows from this failure. */
async function settle(run: Run, work: Work, worker: Worker): Promise<void> {
  try {
    await settleAs(run, work, { ...worker, extended: worker.app.settings.resultExtended });
  } catch (error) {
    if (!(error instanceof PayloadTooLargeError)) throw error;
    worker.log.error('too large to store', { error });
    await settleAs({ ...run, outcome: { kind: 'failure', error } }, work, { ...worker, extended: false });
  }
}

async function settleAs(
  { outcome, children }: Run,
  { delivery, history, onLast }: Work,
  { app, connection, extended }: Worker & { readonly extended: boolean },
): Promise<void> {
  const { envelope, queue, body } = delivery;
  const { id: taskId, task, retries: attempt } = envelope;
  const effects = effectsOf(outcome, delivery, {
    task: app.definitions.get(task),
    children,
    now: connection.cloud.clock.now(),
    extended,
    worker: workerName,
    isFirst: history?.isSentBack ?? true,
  });
  await carryOut(effects, { app, connection, queue, body, attempt, taskId, task, onLast });
}

/** Running the task and dropping what follows would lose work without a trace. */
function noWorkflows(): DecodeError {
  return new DecodeError(
    'Expected a single task, got one with a chain, chord or callbacks, which this version does not carry on.',
  );
}

function unknownTask(name: string, { definitions, name: app }: AppCore): NotRegistered {
  const known = [...definitions.keys()].slice(0, 20).join(', ');
  return new NotRegistered(
    `Expected a task that app '${app}' defines (${known || 'none'}), got '${name}'. Is its module imported?`,
  );
}
