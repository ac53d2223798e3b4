import { Batcher } from '../../../sdk/outbox/batcher.ts';
import type { Cloud } from '../../../sdk/ports/cloud.ts';
import { usedSlotsKey } from '../../../sdk/wire/keys.ts';
import type { SlotRow } from './reservations.ts';

/** Notes which slots were used by calls that brought them along: a copy of such a message brings the same slot. */
export interface UsedSlots {
  /** Whether the slot (epoch milliseconds) is the caller's: nobody has used it before. */
  use(slot: number, line: SlotRow, cloud: Cloud): Promise<boolean>;
}

/** One use of one slot: nobody else's has this name. */
interface Use {
  readonly slot: string;
  readonly name: string;
}

/** Slots per row, so that it stays below 4 KB: each write is billed by the size of the row. */
const slotsPerRow = 256;

/** Rows are kept for a while beyond their last slot. */
const keptSeconds = 86_400;

/** Uses that are noted at the same turn share a request. */
export function createUsedSlots(): UsedSlots {
  const open = new Map<string, Batcher<Use, boolean>>();

  function batcherOf(row: string, ttl: number, { table }: Cloud): Batcher<Use, boolean> {
    const known = open.get(row);
    if (known) return known;
    const batcher: Batcher<Use, boolean> = new Batcher({
      maxItems: slotsPerRow,
      carryOut(uses) {
        if (open.get(row) === batcher) open.delete(row);
        return note(uses, { row, ttl, table });
      },
    });
    open.set(row, batcher);
    return batcher;
  }

  return {
    use(slot, { row, limit }, cloud) {
      const at = Math.round(slot * 1_000);
      const length = slotsPerRow * limit.spacing;
      const page = Math.floor(at / length);
      const ttl = Math.ceil(slot / 1_000) + keptSeconds;
      const name = cloud.chance.newId().slice(0, 8);
      const use = { slot: (at - page * length).toString(36), name };
      return batcherOf(usedSlotsKey(row, page), ttl, cloud).add(use);
    },
  };
}

/** Writes happen one after the other: whoever finds only its own use of a slot was the first. */
async function note(
  uses: readonly Use[],
  { row, ttl, table }: { readonly row: string; readonly ttl: number; readonly table: Cloud['table'] },
): Promise<readonly boolean[]> {
  const first = new Map<string, Use>();
  for (const use of uses) if (!first.has(use.slot)) first.set(use.slot, use);
  const noted = new Set([...first.values()].map(({ slot, name }) => `${slot}:${name}`));
  const after = await table.change(row, { add: { used: noted }, set: { ttl } });
  const known = after?.used instanceof Set ? [...after.used].map(String) : [];
  const counts = new Map<string, number>();
  for (const use of known) {
    const [slot = ''] = use.split(':');
    counts.set(slot, (counts.get(slot) ?? 0) + 1);
  }
  return uses.map((use) => first.get(use.slot) === use && counts.get(use.slot) === 1);
}
