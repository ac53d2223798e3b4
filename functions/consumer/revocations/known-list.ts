import { readEntry } from '../../../sdk/control/entry.ts';
import { type Head, type Page, readHead, readPages } from '../../../sdk/control/pages.ts';
import { RevokedList } from '../../../sdk/control/revoked-list.ts';
import type { Cloud } from '../../../sdk/ports/cloud.ts';
import { revokedKey } from '../../../sdk/wire/keys.ts';

/** Pages that are read with one request, of up to 1 MB. */
const pagesAtOnce = 10;

/** The revoked list as far as this process knows it. A look reads one small row, and pages only where something was added. */
export class KnownList {
  readonly #cloud: Pick<Cloud, 'table' | 'clock'>;
  readonly #pages = new Map<number, Page>();
  #head: Head | undefined;
  #list = new RevokedList();

  constructor(cloud: Pick<Cloud, 'table' | 'clock'>) {
    this.#cloud = cloud;
  }

  get list(): RevokedList {
    return this.#list;
  }

  async look(): Promise<void> {
    const [row] = await this.#cloud.table.read([revokedKey()]);
    const head = readHead(row);
    if (!head || head.version === this.#head?.version) return;
    this.#take(await this.#pagesUpTo(head.page));
    this.#head = head;
  }

  /** From the last known one on; those before it do not change any more. */
  async #pagesUpTo(last: number): Promise<ReadonlyMap<number, Page>> {
    const known = this.#head?.page ?? 0;
    // A list that is shorter than it was is another one.
    const first = known <= last ? known : 0;
    const read = new Map<number, Page>();
    // Backwards, since a process that begins knows of none, and those that have expired are the oldest.
    for (let end = last; end >= first; end -= pagesAtOnce) {
      const size = Math.min(pagesAtOnce, end - first + 1);
      const numbers = Array.from({ length: size }, (_, i) => end - i);
      const { table, clock } = this.#cloud;
      const some = await readPages(numbers, table, clock.now());
      for (const [number, page] of some) read.set(number, page);
      if (some.size < size) break;
    }
    return read;
  }

  #take(read: ReadonlyMap<number, Page>): void {
    const now = this.#cloud.clock.now();
    const expired = [...this.#pages].filter(([, { expiresAt }]) => expiresAt <= now);
    for (const [number] of expired) this.#pages.delete(number);
    const before = new Map(this.#pages);
    for (const [number, page] of read) this.#pages.set(number, page);
    if (expired.length === 0) {
      for (const [number, { entries }] of read) this.#add(entries, before.get(number)?.entries);
      return;
    }
    this.#list = new RevokedList();
    for (const { entries } of this.#pages.values()) this.#add(entries);
  }

  #add(entries: ReadonlySet<string>, known?: ReadonlySet<string>): void {
    for (const text of entries) {
      const entry = known?.has(text) ? undefined : readEntry(text);
      if (entry) this.#list.add(entry);
    }
  }
}
