import { EncodeError } from '../errors/index.ts';
import type { Attribute, Item } from '../ports/table.ts';
import type { Attributes, AttributeValue } from './dynamodb-operations.ts';

/** Writes an item, or a part of one, as DynamoDB takes it. */
export function toAttributes(item: Readonly<Record<string, Attribute>>): Attributes {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, toAttributeValue(value)]));
}

/** @throws EncodeError for an empty set, which DynamoDB does not have. */
export function toAttributeValue(value: Attribute): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value instanceof Uint8Array) return { B: Buffer.from(value).toString('base64') };
  return toSet([...value]);
}

/** Reads an item. Attributes of kinds that we never write (lists, maps, null) are left out: Python may add some. */
export function toItem(attributes: Attributes): Item {
  const read = Object.entries(attributes).flatMap(([name, value]) => {
    const attribute = toAttribute(value);
    return attribute === undefined ? [] : [[name, attribute] as const];
  });
  return { ...Object.fromEntries(read), id: attributes.id?.S ?? '' };
}

function toSet(members: readonly (number | string)[]): AttributeValue {
  if (members.length === 0) throw new EncodeError('Expected a set of at least one member, got an empty set.');
  const texts = members.map(String);
  return typeof members[0] === 'number' ? { NS: texts } : { SS: texts };
}

function toAttribute(value: AttributeValue): Attribute | undefined {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.B !== undefined) return new Uint8Array(Buffer.from(value.B, 'base64'));
  if (value.NS !== undefined) return new Set(value.NS.map(Number));
  if (value.SS !== undefined) return new Set(value.SS);
  return undefined;
}
