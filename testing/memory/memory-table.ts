import type { Answer } from '../../sdk/ports/queues.ts';
import type { Attribute, Change, Condition, Item, Table } from '../../sdk/ports/table.ts';
import { byteLength } from '../../sdk/wire/size.ts';

/** A table in memory, under the rules of DynamoDB. Reads are always consistent here. */
export class MemoryTable implements Table {
  readonly #items = new Map<string, Item>();

  async read(ids: readonly string[]): Promise<readonly Item[]> {
    checkBatch('BatchGetItem', ids, 100);
    for (const id of ids) checkKey(id);
    return ids.flatMap((id) => this.#items.get(id) ?? []).map(copyOf);
  }

  async put(item: Item, condition?: Condition): Promise<boolean> {
    checkSize(item);
    if (condition && !holds(condition, this.#items.get(item.id))) return false;
    this.#items.set(item.id, copyOf(item));
    return true;
  }

  async putAll(items: readonly Item[]): Promise<readonly Answer[]> {
    checkBatch(
      'BatchWriteItem',
      items.map(({ id }) => id),
      25,
    );
    for (const item of items) checkSize(item);
    for (const item of items) this.#items.set(item.id, copyOf(item));
    return items.map(() => ({ ok: true }));
  }

  async change(id: string, { set = {}, add = {} }: Change): Promise<Item> {
    const before = this.#items.get(id) ?? { id };
    const added = Object.entries(add).map(([name, amount]) => [name, sum(before[name], amount)] as const);
    const after: Item = { ...before, ...set, ...Object.fromEntries(added), id };
    this.#items.set(id, after);
    return copyOf(after);
  }

  async delete(id: string): Promise<void> {
    this.#items.delete(id);
  }

  /** Every row, for tests that look inside. */
  rows(): readonly Item[] {
    return [...this.#items.values()].map(copyOf);
  }
}

function holds(condition: Condition, item: Item | undefined): boolean {
  if ('absent' in condition) return item === undefined;
  const value = item?.[condition.unless.attribute];
  return !(typeof value === 'string' && condition.unless.isOneOf.includes(value));
}

function sum(
  before: Attribute | undefined,
  amount: number | ReadonlySet<number> | ReadonlySet<string>,
): Attribute {
  if (typeof amount === 'number') return (typeof before === 'number' ? before : 0) + amount;
  const members = before instanceof Set ? before : new Set();
  return new Set([...members, ...amount]);
}

/** What is handed in or out is never the row itself. */
function copyOf(item: Item): Item {
  const entries = Object.entries(item).map(([name, value]) => [name, copyOfAttribute(value)] as const);
  return { ...Object.fromEntries(entries), id: item.id };
}

function copyOfAttribute(value: Attribute): Attribute {
  if (value instanceof Uint8Array) return value.slice();
  return value instanceof Set ? new Set(value) : value;
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const maxItemBytes = 400 * 1_024;

function checkSize(item: Item): void {
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

const maxKeyBytes = 2_048;

function checkKey(id: string): void {
  const size = byteLength(id);
  if (size > 0 && size <= maxKeyBytes) return;
  throw new Error(`ValidationException: expected a key of 1 to ${maxKeyBytes} bytes, got ${size}.`);
}

function checkBatch(action: string, ids: readonly string[], limit: number): void {
  if (ids.length > limit)
    throw new Error(`ValidationException: ${action} takes at most ${limit} rows, got ${ids.length}.`);
  if (new Set(ids).size < ids.length) throw new Error(`ValidationException: ${action} takes each row once.`);
}
