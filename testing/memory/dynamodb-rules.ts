import type { Attribute, Item } from '../../sdk/ports/table.ts';
import { byteLength } from '../../sdk/wire/size.ts';

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const maxItemBytes = 400 * 1_024;

const maxKeyBytes = 2_048;

/** @throws Error with DynamoDB's own code, if a row is too large or has no lawful key. */
export function checkSize(item: Item): void {
  checkKey(item.id);
  const sizes = Object.entries(item).map(([name, value]) => byteLength(name) + sizeOf(value));
  const size = sizes.reduce((sum, one) => sum + one, 0);
  if (size > maxItemBytes)
    throw new Error(`ValidationException: expected at most ${maxItemBytes} bytes, got ${size}.`);
}

function sizeOf(value: Attribute): number {
  if (typeof value === 'string') return byteLength(value);
  if (value instanceof Uint8Array) return value.byteLength;
  return value instanceof Set ? [...value].reduce((sum, member) => sum + String(member).length, 0) : 8;
}

/** @throws Error with DynamoDB's own code. */
export function checkKey(id: string): void {
  const size = byteLength(id);
  if (size > 0 && size <= maxKeyBytes) return;
  throw new Error(`ValidationException: expected a key of 1 to ${maxKeyBytes} bytes, got ${size}.`);
}

/** @throws Error with DynamoDB's own code, if a batch has too many rows or one of them twice. */
export function checkBatch(action: string, ids: readonly string[], limit: number): void {
  if (ids.length > limit)
    throw new Error(`ValidationException: ${action} takes at most ${limit} rows, got ${ids.length}.`);
  if (new Set(ids).size < ids.length) throw new Error(`ValidationException: ${action} takes each row once.`);
}
