import type { AppCore } from '../../sdk/app/app-core.ts';
import type { Connection } from '../../sdk/app/connection.ts';
import type { QueueTopology } from '../../sdk/app/topology.ts';
import { toMessage } from '../../sdk/call/to-message.ts';
import type { Effect } from '../../sdk/engine/effects.ts';
import { PayloadTooLargeError } from '../../sdk/errors/index.ts';
import type { Item } from '../../sdk/ports/table.ts';
import { readyStates } from '../../sdk/result/states.ts';
import { maxResultBytes } from '../../sdk/wire/size.ts';
import { type TaskMeta, writeTaskMeta } from '../../sdk/wire/task-meta.ts';
import { explainedMessage } from './explain.ts';

/** What effects are carried out on. */
export interface Scene {
  readonly app: AppCore;
  readonly connection: Connection;
  readonly queue: QueueTopology;
  /** The message as it was. */
  readonly body: string;
  readonly attempt: number | undefined;
  readonly taskId: string | undefined;
  readonly task: string | undefined;
  /** Called when the last effect is under way, so that whoever waits for company need not wait for this one. */
  readonly onLast: () => void;
}

/**
 * Carries effects out, one after the other: the next begins when the one before is stored.
 *
 * @throws PayloadTooLargeError if one is too large for its service; nothing of it has been sent then.
 */
export async function carryOut(effects: readonly Effect[], scene: Scene): Promise<void> {
  for (const [i, effect] of effects.entries()) {
    const underWay = begin(effect, scene);
    if (i === effects.length - 1) scene.onLast();
    await underWay;
  }
}

/** Writes a row unless the task has come to its end: for states along the way, and for ends that may come late. */
export async function storeUnlessReady(
  meta: TaskMeta,
  { app, connection }: Pick<Scene, 'app' | 'connection'>,
): Promise<void> {
  const { table, clock } = connection.cloud;
  const row = rowOf(meta, app, clock.now());
  await table.put(row, { unless: { attribute: 'state', isOneOf: readyStates } });
}

function begin(effect: Effect, scene: Scene): Promise<void> {
  const { connection, queue } = scene;
  const { clock } = connection.cloud;
  switch (effect.kind) {
    case 'resend':
      return connection.sends.send(queue.queueName, toMessage(effect.envelope, queue, clock.now()));
    case 'bury':
      return connection.sends.send(
        queue.deadLetterQueueName,
        explainedMessage(scene.body, {
          ...scene,
          reason: effect.reason,
          error: effect.error,
          time: clock.now(),
        }),
      );
    case 'store':
      return effect.overwrite
        ? connection.writes.put(rowOf(effect.meta, scene.app, clock.now()))
        : storeUnlessReady(effect.meta, scene);
  }
}

function rowOf(meta: TaskMeta, { settings }: AppCore, now: number): Item {
  const row = writeTaskMeta(meta, { writtenAt: now, expiresAt: now + settings.resultExpiresMs });
  const size = row.result instanceof Uint8Array ? row.result.byteLength : 0;
  if (size <= maxResultBytes) return row;
  throw PayloadTooLargeError.of(`the result of task '${meta.name}'`, {
    size,
    limit: maxResultBytes,
    advice: 'Store the data elsewhere (S3, a table) and return its address.',
  });
}
