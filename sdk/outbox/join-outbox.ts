import { type Completed, type Part, recordParts } from '../flow/buckets.ts';
import type { Chance } from '../ports/chance.ts';
import type { Clock } from '../ports/clock.ts';
import type { Table } from '../ports/table.ts';
import { Batcher } from './batcher.ts';

/** Records the ends of members in their joins. Members of one join that end within a tenth of a second share one write. */
export interface JoinOutbox {
  /**
   * Resolves when the member is recorded and, if no other is missing any more, `onComplete` is done: whoever acknowledges
   * the member's message afterwards knows that the join is taken care of.
   */
  record(join: { readonly group: string; readonly size: number }, part: Recorded): Promise<void>;
  /** Records what waits now: for a worker that has nothing more to finish. */
  flush(): void;
}

/** One member's end, and what to do if it was the last. */
export interface Recorded extends Part {
  /** When the join's rows may be forgotten, epoch seconds. */
  readonly ttl: number;
  /** Answers whether the join is taken care of. If not, others that wait are asked: a worker that died may have left it to them. */
  readonly onComplete: (completed: Completed) => Promise<boolean>;
}

const lingerMs = 100;

/** Members in one write: the longest set that still is a small change of a small row. */
const maxParts = 100;

export function createJoinOutbox({
  table,
  clock,
  chance,
}: {
  table: Table;
  clock: Clock;
  chance: Chance;
}): JoinOutbox {
  const open = new Map<string, Batcher<Recorded, undefined>>();

  function batcherOf(join: { readonly group: string; readonly size: number }): Batcher<Recorded, undefined> {
    const known = open.get(join.group);
    if (known) return known;
    const batcher = new Batcher<Recorded, undefined>({
      maxItems: maxParts,
      linger: { milliseconds: lingerMs, clock },
      async carryOut(parts) {
        // Those that come now wait in a batcher of their own: joins come and go.
        if (open.get(join.group) === batcher) open.delete(join.group);
        const ttl = Math.max(...parts.map((part) => part.ttl));
        const completed = await recordParts(join, parts, { table, random: chance.random, ttl });
        if (completed) await takeCare(parts, completed);
        return parts.map(() => undefined);
      },
    });
    open.set(join.group, batcher);
    return batcher;
  }

  return {
    record: (join, part) => batcherOf(join).add(part),
    flush: () => {
      for (const batcher of [...open.values()]) batcher.flush();
    },
  };
}

/** One message is to carry on, and which one is known by its name: also if it is not the first of these. */
async function takeCare(parts: readonly Recorded[], completed: Completed): Promise<void> {
  for (const { onComplete } of parts) if (await onComplete(completed)) return;
}
