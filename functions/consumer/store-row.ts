import type { AppCore } from '../../sdk/app/app-core.ts';
import type { Connection } from '../../sdk/app/connection.ts';
import { clockSkewMs } from '../../sdk/engine/life-of-call.ts';
import { PayloadTooLargeError } from '../../sdk/errors/index.ts';
import type { Item, Obstacle } from '../../sdk/ports/table.ts';
import { readyStates } from '../../sdk/result/states.ts';
import { taskMetaKey } from '../../sdk/wire/keys.ts';
import { maxResultBytes } from '../../sdk/wire/size.ts';
import { readTaskMeta, type TaskMeta, writeTaskMeta } from '../../sdk/wire/task-meta.ts';

type Place = { readonly app: AppCore; readonly connection: Connection };

/** Writes a row unless the task has come to its end: for states along the way, and for ends that may come late. */
export async function storeUnlessReady(meta: TaskMeta, { app, connection }: Place): Promise<void> {
  const { table, clock } = connection.cloud;
  await table.put(rowOf(meta, app, clock.now()), { unless: ended });
}

const ended: Obstacle = { attribute: 'state', isOneOf: readyStates };

/**
 * Writes the row of an end that something follows.
 *
 * @returns the end that holds, whose message carries on: this one's, or one that another delivery has stored before.
 */
export async function storeAsCarrier(
  meta: TaskMeta,
  sentAt: number,
  { app, connection }: Place,
): Promise<TaskMeta | undefined> {
  const { table, clock } = connection.cloud;
  const row = rowOf(meta, app, clock.now());
  // A row from before the message was sent is of an earlier life of the call.
  const olderThan = { attribute: 'timestamp', value: (sentAt - clockSkewMs) / 1_000 };
  if (await table.put(row, { unless: { ...ended, olderThan } })) return meta;
  const [stored] = await table.read([taskMetaKey(meta.id)], { consistent: true });
  return stored && readTaskMeta(meta.id, stored, clock.now());
}

/** @throws PayloadTooLargeError if the table has no room for the result */
export function rowOf(meta: TaskMeta, { settings }: AppCore, now: number): Item {
  const row = writeTaskMeta(meta, {
    writtenAt: now,
    expiresAt: now + keptMs(meta, settings.resultExpiresMs),
  });
  const size = row.result instanceof Uint8Array ? row.result.byteLength : 0;
  if (size <= maxResultBytes) return row;
  throw PayloadTooLargeError.of(`the result of task '${meta.name}'`, {
    size,
    limit: maxResultBytes,
    advice: 'Store the data elsewhere (S3, a table) and return its address.',
  });
}

/** As long as SQS keeps a message. */
const membersAreKeptMs = 14 * 86_400_000;

/** A body needs the results of the first members when the last one ends. */
function keptMs({ groupId }: TaskMeta, resultExpiresMs: number): number {
  return groupId === null ? resultExpiresMs : Math.max(resultExpiresMs, membersAreKeptMs);
}
