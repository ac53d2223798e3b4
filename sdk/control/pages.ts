import type { Item, Table } from '../ports/table.ts';
import { revokedKey } from '../wire/keys.ts';
import { byteLength } from '../wire/size.ts';

// The list is a head row { page, version } and pages: rows with a set of entries. Who adds an entry changes the last page first
// and then the version, so that whoever sees a new version also finds what is new.

/** A page takes entries up to this size. Each change of a row is billed by the size of the row. */
export const maxPageBytes = 100_000;

/** So that a page has at most 500 entries, however short they are. */
const leastEntryBytes = maxPageBytes / 500;

/** What an entry takes of a page's room. */
export function roomFor(entry: string): number {
  return Math.max(leastEntryBytes, byteLength(entry));
}

/** A day longer than SQS keeps a message. */
export const pageSeconds = 15 * 86_400;

/** When a page that is written now may be forgotten, epoch seconds. */
export function pageTtl(now: number): number {
  return Math.ceil(now / 1_000) + pageSeconds;
}

/** The first row of the list. */
export interface Head {
  /** The last page. */
  readonly page: number;
  /** Another one whenever something was added. */
  readonly version: number;
}

/** Undefined: nothing was ever revoked. */
export function readHead(row: Item | undefined): Head | undefined {
  const { page, version } = row ?? { id: '' };
  return typeof page === 'number' && typeof version === 'number' ? { page, version } : undefined;
}

/** A page as it was read. */
export interface Page {
  readonly entries: ReadonlySet<string>;
  /** When it may be forgotten, epoch milliseconds. */
  readonly expiresAt: number;
}

/** Reads pages; those that are missing or have expired are left out. */
export async function readPages(
  numbers: readonly number[],
  table: Pick<Table, 'read'>,
  now: number,
): Promise<ReadonlyMap<number, Page>> {
  const rows = await table.read(numbers.map(revokedKey), { consistent: true });
  const byKey = new Map(rows.map((row) => [row.id, row]));
  const pages = numbers.flatMap((number): [number, Page][] => {
    const page = readPage(byKey.get(revokedKey(number)));
    return page && page.expiresAt > now ? [[number, page]] : [];
  });
  return new Map(pages);
}

function readPage(row: Item | undefined): Page | undefined {
  const { entries, ttl } = row ?? { id: '' };
  if (!(entries instanceof Set) || typeof ttl !== 'number') return undefined;
  const texts = [...entries].filter((entry) => typeof entry === 'string');
  return { entries: new Set(texts), expiresAt: ttl * 1_000 };
}
