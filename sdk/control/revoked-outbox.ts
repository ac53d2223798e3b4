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

interface Place {
  readonly table: Pick<Table, 'change' | 'read'>;
  readonly clock: Clock;
}

export function createRevokedOutbox({ table, clock }: Place): RevokedOutbox {
  let last: Promise<unknown> = Promise.resolve();
  // One after the other, or they would turn pages on each other.
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
  const batcher = new Batcher<string, Answer>({
    maxItems: 500,
    maxBytes: maxPageBytes,
    sizeOf: roomFor,
    carryOut: async (entries) => {
      await inTurn(() => append([...new Set(entries)], { table, clock }));
      return entries.map(stored);
    },
  });
  const what = 'Adding to the revoked list';
  return { add: (entry) => insist(() => batcher.add(entry), { what, policy: {}, clock }) };
}

function stored(): Answer {
  return { ok: true };
}

async function append(entries: readonly string[], { table, clock }: Place): Promise<void> {
  const size = entries.reduce((sum, entry) => sum + roomFor(entry), 0);
  const change = { add: { entries: new Set(entries), size }, set: { ttl: pageTtl(clock.now()) } };
  // What does not fit into the last page goes to the next one.
  const fits = { unless: { attribute: 'size', atLeast: maxPageBytes - size + 1 } };
  for (let isSeen = false; !isSeen; ) {
    const [head] = await table.read([revokedKey()], { consistent: true });
    let page = readHead(head)?.page ?? 0;
    while (!(await table.change(revokedKey(page), change, fits))) page += 1;
    isSeen = await turnTo(page, table);
  }
}

/** Tells the readers. Answers false if somebody else has turned the page meanwhile: who has seen that looks at this one no more. */
async function turnTo(page: number, table: Place['table']): Promise<boolean> {
  const isBehind = { unless: { attribute: 'page', atLeast: page + 1 } };
  const turned = await table.change(revokedKey(), { add: { version: 1 }, set: { page } }, isBehind);
  return turned !== undefined;
}
