import { Batcher } from '../outbox/batcher.ts';
import { insist } from '../outbox/insist.ts';
import type { Clock } from '../ports/clock.ts';
import type { Answer } from '../ports/queues.ts';
import type { Table } from '../ports/table.ts';
import { revokedKey } from '../wire/keys.ts';
import { maxPageBytes, pageTtl, readHead, roomFor } from './pages.ts';

/** Adds to the revoked list. What is added together shares requests: three for up to 500 entries. */
export interface RevokedOutbox {
  /**
   * Resolves when the entry stands in the list.
   *
   * @throws OperationalError when the retries are used up.
   */
  add(entry: string): Promise<void>;
}

export function createRevokedOutbox({ table, clock }: { table: Table; clock: Clock }): RevokedOutbox {
  const batcher = new Batcher<string, Answer>({
    maxItems: 500,
    maxBytes: maxPageBytes,
    sizeOf: roomFor,
    carryOut: (entries) => append([...new Set(entries)], { table, clock }).then(() => entries.map(stored)),
  });
  const what = 'Adding to the revoked list';
  return { add: (entry) => insist(() => batcher.add(entry), { what, policy: {}, clock }) };
}

function stored(): Answer {
  return { ok: true };
}

async function append(
  entries: readonly string[],
  { table, clock }: { readonly table: Table; readonly clock: Clock },
): Promise<void> {
  const [head] = await table.read([revokedKey()], { consistent: true });
  const size = entries.reduce((sum, entry) => sum + roomFor(entry), 0);
  const change = { add: { entries: new Set(entries), size }, set: { ttl: pageTtl(clock.now()) } };
  // What does not fit into the last page goes to the next one.
  const fits = { unless: { attribute: 'size', atLeast: maxPageBytes - size + 1 } };
  let page = readHead(head)?.page ?? 0;
  while (!(await table.change(revokedKey(page), change, fits))) page += 1;
  await turnTo(page, table);
}

/** Tells the readers. Somebody else may have turned the page meanwhile, which stays turned. */
async function turnTo(page: number, table: Table): Promise<void> {
  const add = { version: 1 };
  const isBehind = { unless: { attribute: 'page', atLeast: page + 1 } };
  if (await table.change(revokedKey(), { add, set: { page } }, isBehind)) return;
  await table.change(revokedKey(), { add });
}
