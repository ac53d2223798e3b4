import type { Clock } from '../ports/clock.ts';
import type { Answer } from '../ports/queues.ts';
import type { Item, Table } from '../ports/table.ts';
import { Batcher } from './batcher.ts';
import { insist } from './insist.ts';

/** Writes rows. Those that become ready within a tenth of a second share requests of up to 25 rows. */
export interface WriteOutbox {
  /** Resolves when the row is stored, whatever was there before. */
  put(item: Item): Promise<void>;
  /** Writes what waits now: for a worker that has nothing more to finish. */
  flush(): void;
}

/**
 * How long a finished result may wait for those of its batch mates. Nobody is kept waiting by it: a worker that has nothing
 * more to finish flushes, and whoever waits for a result looks less often than this.
 */
const lingerMs = 100;

export function createWriteOutbox({ table, clock }: { table: Table; clock: Clock }): WriteOutbox {
  const batcher = new Batcher<Item, Answer>({
    maxItems: 25,
    keyOf: ({ id }) => id,
    linger: { milliseconds: lingerMs, clock },
    carryOut: (items) => table.putAll(items),
  });
  return {
    flush: () => batcher.flush(),
    put: (item) => insist(() => batcher.add(item), { what: `Writing row ${item.id}`, policy: {}, clock }),
  };
}
