import type { QueueTopology } from '../app/topology.ts';
import { silentLogger } from '../log/logger.ts';
import type { Chance } from '../ports/chance.ts';
import type { Clock } from '../ports/clock.ts';
import { isReady } from '../result/states.ts';
import type { TaskDefinition } from '../task/task-definition.ts';
import type { Envelope } from '../wire/envelope.ts';
import { readEnvelope } from '../wire/read-envelope.ts';
import { pendingMeta, type TaskMeta } from '../wire/task-meta.ts';
import { writeEnvelope } from '../wire/write-envelope.ts';
import type { Delivery } from './delivery.ts';
import { effectsOf } from './effects.ts';
import { gate } from './gate.ts';
import { type Run, runTask } from './run-task.ts';
import { limitsOf } from './time-limits.ts';

/**
 * Runs a call here and now, retries included but without their pauses, and returns what its row would say. The call goes
 * through the wire form and back, so that what JSON cannot carry is found here too.
 */
export async function runEagerly(
  definition: TaskDefinition,
  { envelope, queue }: { envelope: Envelope; queue: QueueTopology },
  { clock, chance }: { clock: Clock; chance: Chance },
): Promise<TaskMeta> {
  // Nothing is stored here, so that nothing of the outcome is left out either.
  const task = { ...definition, ignoreResult: false };
  let next = { ...envelope, ignoreResult: false, eta: null };
  for (;;) {
    const delivery = deliveryOf(next, queue);
    const { outcome, children, added } = await attempt(delivery);
    const place = { extended: true, worker: 'eager', isFirst: true };
    const effects = effectsOf(outcome, delivery, {
      task,
      children,
      added,
      chain: [],
      now: clock.now(),
      ...place,
    });
    const stored = effects.find((effect) => effect.kind === 'store');
    if (stored && isReady(stored.meta.state)) return stored.meta;
    const again = effects.find((effect) => effect.kind === 'resend');
    // There is no queue that `Reject` could put a message back into.
    if (!again || outcome.kind !== 'retry') return pendingMeta(envelope.id);
    next = { ...again.envelope, ignoreResult: false, eta: null };
    // A task that retries without end must not keep everything else from running.
    await new Promise((resolve) => setImmediate(resolve));
  }

  async function attempt(delivery: Delivery): Promise<Run> {
    const closed = gate(delivery.envelope, undefined, clock.now());
    if (closed) return { outcome: closed, children: [], added: [] };
    const limits = limitsOf(task, delivery);
    const saveState = () => Promise.resolve();
    return runTask(task, delivery, { clock, chance, limits, saveState, log: silentLogger, mode: 'eager' });
  }
}

function deliveryOf(envelope: Envelope, queue: QueueTopology): Delivery {
  const body = writeEnvelope(envelope, { base64: queue.base64 });
  return { envelope: readEnvelope(body), queue, receives: 1, sentAt: 0, messageId: envelope.id, body };
}
