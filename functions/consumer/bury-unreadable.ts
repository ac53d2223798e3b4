import { WorkerLostError } from '../../sdk/errors/index.ts';
import { encodeException } from '../../sdk/wire/exception.ts';
import { pendingMeta } from '../../sdk/wire/task-meta.ts';
import { explainedMessage } from './explain.ts';
import type { Unreadable } from './open-record.ts';
import type { Worker } from './scene.ts';
import { storeUnlessReady } from './store-row.ts';

/** Puts a message that cannot be opened into the dead-letter queue, and tells whoever waits for its task, if it has an id. */
export async function buryUnreadable(unreadable: Unreadable, worker: Worker): Promise<void> {
  const { error, queue, body, messageId, owner } = unreadable;
  const { app, connection, log } = worker;
  const { taskId, task } = owner;
  const isLost = error instanceof WorkerLostError;
  log.error(isLost ? 'task lost' : 'message not understood', { error, messageId, taskId, task });
  const time = connection.cloud.clock.now();
  const reason = isLost ? 'worker-lost' : 'not-understood';
  const facts = { reason, error, taskId, task, attempt: undefined, time } as const;
  await connection.sends.send(queue.deadLetterQueueName, explainedMessage(body, facts));
  if (!taskId) return;
  const meta = {
    ...pendingMeta(taskId),
    state: 'FAILURE',
    result: encodeException(error),
    dateDone: new Date(time),
    name: task ?? null,
    queue: queue.name,
  };
  await storeUnlessReady(meta, { app, connection });
}
