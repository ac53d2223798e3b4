import type { Item } from '../ports/table.ts';
import type { State } from '../result/states.ts';
import { readInstant, writeInstant } from './instant.ts';
import { isJsonObject, type Json, type JsonObject, parseJson, writeJson } from './json.ts';
import { taskMetaKey } from './keys.ts';

/** A result as tuples, Celery's way to name a tree of results: `[[id, parent], members]`. */
export type ResultTuple = Json;

/** What is known of one task: the content of its row. */
export interface TaskMeta {
  readonly id: string;
  readonly state: State;
  /** The value, the exception's record or the progress data, as JSON. */
  readonly result: Json;
  readonly traceback: string | null;
  readonly children: readonly ResultTuple[];
  /** When it came to an end. */
  readonly dateDone: Date | null;
  readonly parentId: string | null;
  readonly groupId: string | null;
  readonly name: string | null;
  readonly queue: string | null;
  readonly retries: number;
  /** Only with the app's `resultExtended`. */
  readonly args: Json;
  readonly kwargs: Json;
  readonly worker: string | null;
  /** The message whose delivery ended the task: it alone carries on what follows. Null where nothing follows. */
  readonly message: string | null;
  /** A mark of what that message says to follow: another call under the same id may have something else follow it. */
  readonly workflow: string | null;
  /** Where the results of the members are that it has added to its chord; null: none. */
  readonly added: Json;
}

/** What is known of a task that nothing is known of. */
export function pendingMeta(id: string): TaskMeta {
  return {
    id,
    state: 'PENDING',
    result: null,
    traceback: null,
    children: [],
    dateDone: null,
    parentId: null,
    groupId: null,
    name: null,
    queue: null,
    retries: 0,
    args: null,
    kwargs: null,
    worker: null,
    message: null,
    workflow: null,
    added: null,
  };
}

/** When a row is written and when it may be forgotten, epoch milliseconds. */
export interface RowTimes {
  readonly writtenAt: number;
  readonly expiresAt: number;
}

/** Writes the row: Celery's JSON under `result`, and beside it, for our own eyes, what Python does not look at. */
export function writeTaskMeta(meta: TaskMeta, { writtenAt, expiresAt }: RowTimes): Item {
  const own = { state: meta.state, retries: meta.retries };
  return {
    id: taskMetaKey(meta.id),
    result: new TextEncoder().encode(writeJson(celeryMeta(meta))),
    timestamp: writtenAt / 1_000,
    ttl: Math.ceil(expiresAt / 1_000),
    ...own,
    ...(meta.name === null ? {} : { task: meta.name }),
    ...(meta.queue === null ? {} : { queue: meta.queue }),
    ...(meta.message === null ? {} : { message: meta.message }),
    ...(meta.workflow === null ? {} : { workflow: meta.workflow }),
    ...(meta.added === null ? {} : { added: writeJson(meta.added) }),
  };
}

/** Reads a row, whichever language wrote it; undefined if it has expired (DynamoDB deletes late) or is no result. */
export function readTaskMeta(id: string, item: Item, now: number): TaskMeta | undefined {
  const { ttl, result } = item;
  if (typeof ttl === 'number' && ttl * 1_000 <= now) return undefined;
  if (!(result instanceof Uint8Array)) return undefined;
  const meta = parseJson(new TextDecoder().decode(result), `the result of task ${id}`);
  if (!isJsonObject(meta) || typeof meta.status !== 'string') return undefined;
  return {
    id,
    state: meta.status,
    result: meta.result ?? null,
    traceback: text(meta.traceback),
    children: Array.isArray(meta.children) ? meta.children : [],
    dateDone: typeof meta.date_done === 'string' ? new Date(readInstant(meta.date_done)) : null,
    parentId: text(meta.parent_id),
    groupId: text(meta.group_id),
    ...readExtended(meta, item),
  };
}

/** Ours stand beside the JSON, Celery's inside. */
function readExtended(meta: JsonObject, item: Item) {
  const retries = item.retries ?? meta.retries;
  return {
    name: text(item.task ?? meta.name),
    queue: text(item.queue ?? meta.queue),
    retries: typeof retries === 'number' ? retries : 0,
    args: meta.args ?? null,
    kwargs: meta.kwargs ?? null,
    worker: text(meta.worker),
    message: text(item.message),
    workflow: text(item.workflow),
    added: typeof item.added === 'string' ? parseJson(item.added, 'the added members') : null,
  };
}

/** Celery's keys in Celery's order. */
function celeryMeta(meta: TaskMeta): JsonObject {
  const extended = meta.args === null ? {} : extendedMeta(meta);
  return {
    status: meta.state,
    result: meta.result,
    traceback: meta.traceback,
    children: meta.children,
    date_done: meta.dateDone === null ? null : writeInstant(meta.dateDone.getTime()),
    ...(meta.groupId === null ? {} : { group_id: meta.groupId }),
    ...(meta.parentId === null ? {} : { parent_id: meta.parentId }),
    ...extended,
    task_id: meta.id,
  };
}

function extendedMeta({ name, args, kwargs, worker, retries, queue }: TaskMeta): JsonObject {
  return { name, args, kwargs, worker, retries, queue };
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
