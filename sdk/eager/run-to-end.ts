import type { AppCore } from '../app/app-core.ts';
import { laneFor } from '../app/lanes.ts';
import type { Addressed } from '../call/planned-envelope.ts';
import { findTask } from '../engine/builtin-tasks.ts';
import type { Delivery } from '../engine/delivery.ts';
import type { Effect } from '../engine/effect.ts';
import { effectsOf } from '../engine/effects.ts';
import { gate } from '../engine/gate.ts';
import type { Outcome } from '../engine/outcome.ts';
import { type Run, runTask } from '../engine/run-task.ts';
import { limitsOf } from '../engine/time-limits.ts';
import { NotRegistered } from '../errors/index.ts';
import { silentLogger } from '../log/logger.ts';
import type { TaskDefinition } from '../task/task-definition.ts';
import type { Json } from '../wire/json.ts';
import { readEnvelope } from '../wire/read-envelope.ts';
import { writeEnvelope } from '../wire/write-envelope.ts';
import type { Scene } from './scene.ts';

/** A call that has come to its end. */
export interface EagerRun extends Run {
  /** That of the last attempt. */
  readonly delivery: Delivery;
  readonly effects: readonly Effect[];
}

/**
 * Runs a call here and now, retries included but without their pauses. It goes through the wire form and back, so that what
 * JSON cannot carry is found here too.
 */
export async function runToEnd(
  { envelope, queue, chain }: Addressed & { readonly chain: readonly Json[] },
  scene: Scene,
): Promise<EagerRun> {
  const definition = findTask(scene.app, envelope.task);
  // Nothing is stored in a table, so that nothing of the outcome is left out either.
  const task = definition && { ...definition, ignoreResult: false };
  const circumstances = { task, chain, extended: true, worker: 'eager', isFirst: true };
  let place = queue;
  let next = { ...envelope, ignoreResult: false, eta: null };
  for (;;) {
    const delivery = deliveryOf({ envelope: next, queue: place });
    const run = await attempt(task, delivery, scene);
    const effects = effectsOf(run.outcome, delivery, { ...circumstances, ...run, now: scene.clock.now() });
    const again = effects.find((effect) => effect.kind === 'resend');
    // There is no queue that `Reject` could put a message back into.
    if (!again || run.outcome.kind !== 'retry') return { ...run, delivery, effects };
    next = { ...again.envelope, ignoreResult: false, eta: null };
    place = scene.app.settings.queues.get(again.queue ?? '') ?? place;
    // A task that retries without end must not keep everything else from running.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function attempt(
  task: TaskDefinition | undefined,
  delivery: Delivery,
  { app, clock, chance }: Scene,
): Promise<Run> {
  const { envelope } = delivery;
  const closed = gate(envelope, undefined, { now: clock.now(), isRevoked: false });
  if (closed || !task) return unstarted(closed ?? notRegistered(envelope.task, app));
  const limits = limitsOf(task, delivery);
  const saveState = () => Promise.resolve();
  const { queues } = app.settings;
  return runTask(task, delivery, {
    clock,
    chance,
    limits,
    queues,
    saveState,
    log: silentLogger,
    mode: 'eager',
  });
}

function unstarted(outcome: Outcome): Run {
  return { outcome, children: [], added: [] };
}

function notRegistered(task: string, { definitions, name }: AppCore): Outcome {
  const known = [...definitions.keys()].slice(0, 20).join(', ');
  const error = new NotRegistered(
    `Expected a task that app '${name}' defines (${known || 'none'}), got '${task}'. Is its module imported?`,
  );
  return { kind: 'refused', error };
}

function deliveryOf({ envelope, queue }: Addressed): Delivery {
  const body = writeEnvelope(envelope, { base64: queue.base64 });
  const lane = laneFor(queue, envelope.priority);
  return { envelope: readEnvelope(body), queue, lane, receives: 1, sentAt: 0, messageId: envelope.id, body };
}
