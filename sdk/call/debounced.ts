import { PayloadTooLargeError } from '../errors/index.ts';
import type { Attribute, Item } from '../ports/table.ts';
import type { WireArguments } from '../task/arguments.ts';
import { isJsonObject, parseJson, writeJson } from '../wire/json.ts';
import { debouncedRow } from '../wire/keys.ts';
import { byteLength } from '../wire/size.ts';

/** DynamoDB takes 400 KB per row; the rest is kept for what else the row says. */
const maxBytes = 380_000;

/** Rows outlive every message. */
const keptSeconds = 30 * 86_400;

/** When a row of a collection that is due then may be forgotten, epoch seconds. */
export function collectionTtl(dueAt: number): number {
  return Math.ceil(dueAt / 1_000) + keptSeconds;
}

/** When a collection is to run, epoch milliseconds; undefined if it is closed, or none. */
export function dueTime({ at, latest }: Item): number | undefined {
  if (typeof at !== 'number' || at === closed.at) return undefined;
  return typeof latest === 'number' ? Math.min(at, latest) : at;
}

/** What a closed collection says: no call can join it, since its time has passed for all of them. */
export const closed = { at: 0 } as const;

/** @throws PayloadTooLargeError */
export function packArguments(task: string, { args, kwargs }: WireArguments): string {
  const packed = writeJson([args, kwargs]);
  const size = byteLength(packed);
  if (size <= maxBytes) return packed;
  throw PayloadTooLargeError.of(`the arguments of a debounced call of task '${task}'`, {
    size,
    limit: maxBytes,
    advice: 'Store the data elsewhere (S3, a table) and send its address.',
  });
}

/** @throws DecodeError */
export function unpackArguments(packed: Attribute | undefined): WireArguments | undefined {
  if (typeof packed !== 'string') return undefined;
  const json = parseJson(packed, 'the arguments of a debounced call');
  const [args, kwargs = {}] = Array.isArray(json) ? json : [];
  return Array.isArray(args) && isJsonObject(kwargs) ? { args, kwargs } : undefined;
}

/** The row of the arguments with which the call of a collection runs. From then on nothing changes them. */
export function argumentsRow({ task, args = '' }: Item, now: number): Item {
  return { id: debouncedRow(String(task)), args, ttl: collectionTtl(now) };
}
