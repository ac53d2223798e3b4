import type { Effect } from '../../sdk/engine/effects.ts';
import { encodeException } from '../../sdk/wire/exception.ts';
import { pendingMeta } from '../../sdk/wire/task-meta.ts';
import { carryOut } from './carry-out.ts';
import type { Unreadable } from './open-record.ts';
import type { Worker } from './process-delivery.ts';

/** Puts a message that cannot be understood into the dead-letter queue, and tells whoever waits for its task, if it has an id. */
export async function buryUnreadable(
  unreadable: Unreadable,
  onLast: () => void,
  { app, connection, log }: Worker,
): Promise<void> {
  const { error, queue, body, messageId } = unreadable;
  const { taskId, task } = error;
  log.error('message not understood', { error, messageId, taskId, task });
  const effects: Effect[] = [{ kind: 'bury', reason: 'not-understood', error }];
  if (taskId) {
    const meta = {
      ...pendingMeta(taskId),
      state: 'FAILURE',
      result: encodeException(error),
      dateDone: new Date(connection.cloud.clock.now()),
      name: task ?? null,
      queue: queue.name,
    };
    effects.push({ kind: 'store', meta, overwrite: false });
  }
  await carryOut(effects, { app, connection, queue, body, attempt: undefined, taskId, task, onLast });
}
