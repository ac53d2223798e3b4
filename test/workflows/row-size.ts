import type { Attribute, Item } from 'tallo';

/**
 * The size of a row as DynamoDB counts it: names and values, a number one byte for two digits and one more, a set one byte more
 * for each element.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function sizeOfRow(row: Item): number {
  return Object.entries(row).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOf(value), 0);
}

function sizeOf(value: Attribute): number {
  if (value instanceof Set) return 3 + [...value].reduce((sum, one) => sum + sizeOf(one) + 1, 0);
  if (value instanceof Uint8Array) return value.byteLength;
  return typeof value === 'number'
    ? Math.ceil(String(value).length / 2) + 1
    : Buffer.byteLength(String(value));
}
