import { workflowTtl } from '../../../sdk/call/send-planned.ts';
import type { Part } from '../../../sdk/engine/addition.ts';
import type { Ending } from '../../../sdk/flow/buckets.ts';
import type { Join } from '../../../sdk/flow/join.ts';
import { joinKey } from '../../../sdk/wire/keys.ts';
import type { Scene } from '../scene.ts';
import { endJoin } from './end-join.ts';

const none: ReadonlySet<number> = new Set();

/**
 * Tells an open join, of a header that was made while it was sent, that one of its pages has ended. Pages are few: one row
 * holds them all, and beside them, once the last page is on its way, how many there are.
 */
export async function tellOpen(
  join: Join,
  { index, firstFailed }: Part,
  { ending, scene }: { ending: Ending; scene: Scene },
): Promise<void> {
  const { table, clock } = scene.connection.cloud;
  const add: Record<string, ReadonlySet<number>> = { done: new Set([index]) };
  if (firstFailed !== undefined) add.failed = new Set([firstFailed]);
  // A page may have both kinds; which members have no result is not noted.
  if (ending === 'silent') add.silent = new Set([index]);
  const row = await table.change(joinKey(join.group), { add, set: { ttl: workflowTtl(clock.now()) } });
  const { pages, members, done, failed, silent } = row ?? { id: '' };
  if (typeof pages !== 'number' || typeof members !== 'number') return;
  if (!(done instanceof Set) || done.size < pages) return;
  const failures = failed instanceof Set ? [...failed].filter((member) => typeof member === 'number') : [];
  const completed = { failed: new Set(failures), silent: silent instanceof Set ? true : none } as const;
  await endJoin({ ...join, size: members }, scene, completed);
}
