import type { Attribute, Change, Condition, Item, Obstacle, Requirement } from '../../sdk/ports/table.ts';

/** A row as the table keeps it. Nobody else holds it, or a set or bytes of it, so it is changed where it lies. */
export interface Row {
  id: string;
  [attribute: string]: Attribute;
}

/** What is handed in or out is never the row itself. */
export function copyOf(item: Item): Row {
  const copy: Row = { ...item };
  for (const name of Object.keys(copy)) {
    const value = copy[name];
    if (typeof value === 'object') copy[name] = copyOfAttribute(value);
  }
  return copy;
}

function copyOfAttribute(value: Attribute): Attribute {
  if (value instanceof Uint8Array) return value.slice();
  return value instanceof Set ? new Set(value) : value;
}

/** Makes a change, in time that does not depend on how much the row's sets hold already. */
export function changeRow(row: Row, { set = {}, add = {} }: Change): void {
  const { id } = row;
  for (const [name, value] of Object.entries(set)) row[name] = copyOfAttribute(value);
  for (const [name, amount] of Object.entries(add)) row[name] = sum(row[name], amount);
  row.id = id;
}

function sum(
  before: Attribute | undefined,
  amount: number | ReadonlySet<number> | ReadonlySet<string>,
): Attribute {
  if (typeof amount === 'number') return (typeof before === 'number' ? before : 0) + amount;
  if (!(before instanceof Set)) return copyOfAttribute(amount);
  for (const member of amount) before.add(member);
  return before;
}

/** Whether a write may happen to that row, or to none. */
export function holds(condition: Condition, row: Row | undefined): boolean {
  if ('absent' in condition) return row === undefined;
  if ('only' in condition) return row !== undefined && has(condition.only, row);
  return !row || !isInTheWay(condition.unless, row);
}

function has(only: Requirement, row: Row): boolean {
  const value = row[only.attribute];
  if ('atLeast' in only) return typeof value === 'number' && value >= only.atLeast;
  return (typeof value === 'string' || typeof value === 'number') && only.isOneOf.includes(value);
}

function isInTheWay(unless: Obstacle, row: Row): boolean {
  const value = row[unless.attribute];
  if ('exists' in unless) return value !== undefined;
  if ('atLeast' in unless) return typeof value === 'number' && value >= unless.atLeast;
  if ('contains' in unless) return value instanceof Set && value.has(unless.contains);
  if (typeof value !== 'string' || !unless.isOneOf.includes(value)) return false;
  const age = unless.olderThan && row[unless.olderThan.attribute];
  return !(unless.olderThan && typeof age === 'number' && age < unless.olderThan.value);
}
