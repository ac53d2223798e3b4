import type { Json, JsonObject } from './json.ts';

/** What follows the task: signatures in Celery's own JSON, carried along untouched. */
export interface Embed {
  readonly callbacks: Json;
  readonly errbacks: Json;
  readonly chain: Json;
  readonly chord: Json;
}

/** One call of a task, as it travels: Celery's message protocol 2. Instants are epoch milliseconds. */
export interface Envelope {
  readonly task: string;
  readonly id: string;
  /** Arguments as JSON, value extensions not yet decoded. */
  readonly args: readonly Json[];
  readonly kwargs: JsonObject;
  readonly embed: Embed;
  /** How often this call was retried before: 0 in the first attempt. */
  readonly retries: number;
  readonly eta: number | null;
  readonly expires: number | null;
  /** Seconds. */
  readonly timeLimit: number | null;
  readonly softTimeLimit: number | null;
  readonly rootId: string;
  readonly parentId: string | null;
  readonly group: string | null;
  readonly groupIndex: number | null;
  readonly ignoreResult: boolean;
  /** How the body is compressed, by kombu's name for the header; null: not at all. Kept when the call is sent again. */
  readonly compression: string | null;
  /** The name of the queue, as Celery's routing key. */
  readonly queue: string;
  /** 0 to 9. */
  readonly priority: number;
  /** Put back by `Reject` with requeue. */
  readonly redelivered: boolean;
  /** Every other header: the caller's own, and those of Celery that mean nothing here. Kept when the call is sent again. */
  readonly headers: JsonObject;
  /** Every other property, kept as well. */
  readonly properties: JsonObject;
}

export const emptyEmbed: Embed = { callbacks: null, errbacks: null, chain: null, chord: null };

/** The header of what our workers note on a message. */
export const marksHeader = 'tallo';

/** Headers that Celery writes for itself, and our own: what remains of `headers` without them is the caller's. */
const celeryHeaders = new Set([
  'lang',
  'shadow',
  'argsrepr',
  'kwargsrepr',
  'origin',
  'replaced_task_nesting',
  'stamped_headers',
  'stamps',
  'meth',
  marksHeader,
]);

/** The headers that the caller gave. */
export function customHeaders({ headers }: Pick<Envelope, 'headers'>): JsonObject {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !celeryHeaders.has(name)));
}
