import type { Answer } from '../../sdk/ports/queues.ts';
import type { Change, Condition, Item, Table } from '../../sdk/ports/table.ts';
import { checkBatch, checkKey, checkSize } from './dynamodb-rules.ts';
import { changeRow, copyOf, holds, type Row } from './row.ts';

/** How many requests of each kind. */
export type TableRequests = Readonly<Record<'read' | 'put' | 'putAll' | 'change' | 'delete', number>>;

/** A table in memory, under the rules of DynamoDB. Reads are always consistent here. */
export class MemoryTable implements Table {
  readonly #rows = new Map<string, Row>();
  readonly #requests = { read: 0, put: 0, putAll: 0, change: 0, delete: 0 };
  /**
   * The requests that were made so far, refused ones included: what a run costs. A batch is one request, and to read or
   * write nothing takes none.
   */
  readonly requests: TableRequests = this.#requests;

  async read(ids: readonly string[]): Promise<readonly Item[]> {
    if (ids.length === 0) return [];
    this.#requests.read += 1;
    checkBatch('BatchGetItem', ids, 100);
    for (const id of ids) checkKey(id);
    return ids.flatMap((id) => this.#rows.get(id) ?? []).map(copyOf);
  }

  async put(item: Item, condition?: Condition): Promise<boolean> {
    this.#requests.put += 1;
    checkSize(item);
    if (condition && !holds(condition, this.#rows.get(item.id))) return false;
    this.#rows.set(item.id, copyOf(item));
    return true;
  }

  async putAll(items: readonly Item[]): Promise<readonly Answer[]> {
    if (items.length === 0) return [];
    this.#requests.putAll += 1;
    checkBatch(
      'BatchWriteItem',
      items.map(({ id }) => id),
      25,
    );
    for (const item of items) checkSize(item);
    for (const item of items) this.#rows.set(item.id, copyOf(item));
    return items.map(() => ({ ok: true }));
  }

  async change(id: string, change: Change, condition?: Condition): Promise<Item | undefined> {
    this.#requests.change += 1;
    checkKey(id);
    const row = this.#rows.get(id);
    if (condition && !holds(condition, row)) return undefined;
    const changed = row ?? { id };
    changeRow(changed, change);
    this.#rows.set(id, changed);
    return copyOf(changed);
  }

  async delete(id: string): Promise<void> {
    this.#requests.delete += 1;
    this.#rows.delete(id);
  }

  /** Every row, for tests that look inside. */
  rows(): readonly Item[] {
    return [...this.#rows.values()].map(copyOf);
  }
}
