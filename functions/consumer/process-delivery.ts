import { hostname } from 'node:os';
import type { AppCore } from '../../sdk/app/app-core.ts';
import type { Connection } from '../../sdk/app/connection.ts';
import type { Delivery } from '../../sdk/engine/delivery.ts';
import { effectsOf, newMeta } from '../../sdk/engine/effects.ts';
import { gate, type History } from '../../sdk/engine/gate.ts';
import type { Outcome } from '../../sdk/engine/outcome.ts';
import { type Run, runTask } from '../../sdk/engine/run-task.ts';
import type { SaveState } from '../../sdk/engine/state-updates.ts';
import type { TimeLimits } from '../../sdk/engine/time-limits.ts';
import { DecodeError, NotRegistered, PayloadTooLargeError } from '../../sdk/errors/index.ts';
import type { Logger } from '../../sdk/log/logger.ts';
import type { TaskDefinition } from '../../sdk/task/task-definition.ts';
import { hasSuccessors } from '../../sdk/wire/envelope.ts';
import { carryOut, storeUnlessReady } from './carry-out.ts';
import { markStart } from './history.ts';
import { logOutcome } from './log-outcome.ts';

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
  const log = worker.log.child({ task: envelope.task, taskId: envelope.id, attempt: envelope.retries });
  const { clock } = worker.connection.cloud;
  const start = clock.now();
  const run = await reachOutcome(work, { ...worker, log });
  logOutcome(run.outcome, log, (clock.now() - start) / 1_000);
  try {
    await settle(run, work, worker);
  } catch (error) {
    if (!(error instanceof PayloadTooLargeError)) throw error;
    const outcome: Outcome = { kind: 'failure', error };
    logOutcome(outcome, log, (clock.now() - start) / 1_000);
    await settle({ ...run, outcome }, work, worker);
  }
}

async function reachOutcome({ delivery, history }: Work, { app, connection, log }: Worker): Promise<Run> {
  const { envelope } = delivery;
  const { cloud } = connection;
  const { clock, chance } = cloud;
  const task = app.definitions.get(envelope.task);
  const closed = gate(envelope, history, clock.now());
  if (closed) return { outcome: closed, children: [] };
  if (!task) return { outcome: { kind: 'refused', error: unknownTask(envelope.task, app) }, children: [] };
  if (hasSuccessors(envelope.embed))
    return { outcome: { kind: 'refused', error: noWorkflows() }, children: [] };
  if (history) await markStart(delivery, cloud, clock.now() + app.settings.resultExpiresMs);
  const saveState: SaveState = (state, result) =>
    storeUnlessReady({ ...newMeta(envelope, delivery.queue.name), state, result }, { app, connection });
  if (task.trackStarted) await saveState('STARTED', { pid: process.pid, hostname: hostname() });
  return runTask(task, delivery, {
    clock,
    chance,
    log,
    saveState,
    limits: limitsOf(task, delivery),
    mode: 'worker',
  });
}

/** Computes what must be done because of an outcome, and does it. */
async function settle(
  { outcome, children }: Run,
  { delivery, onLast }: Work,
  { app, connection }: Worker,
): Promise<void> {
  const { envelope, queue, body } = delivery;
  const { id: taskId, task, retries: attempt } = envelope;
  const effects = effectsOf(outcome, delivery, {
    task: app.definitions.get(task),
    children,
    now: connection.cloud.clock.now(),
    extended: app.settings.resultExtended,
    worker: hostname(),
  });
  await carryOut(effects, { app, connection, queue, body, attempt, taskId, task, onLast });
}

/** The call's limits, then the task's, then the queue's; the queue's is the most that its function has time for. */
export function limitsOf(task: TaskDefinition, { envelope, queue }: Delivery): TimeLimits {
  const wanted = envelope.timeLimit ?? task.timeLimit ?? queue.timeLimitSeconds;
  return {
    soft: envelope.softTimeLimit ?? task.softTimeLimit,
    hard: Math.min(wanted, queue.timeLimitSeconds),
  };
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
