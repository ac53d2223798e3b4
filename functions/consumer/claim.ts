import { workflowTtl } from '../../sdk/call/send-planned.ts';
import { claimKey } from '../../sdk/wire/keys.ts';
import type { Scene } from './scene.ts';

/**
 * Makes this message the one that does what the name says; another delivery of the same message counts as the same.
 *
 * @returns false if another message has been here before
 */
export async function claim(
  name: string,
  { connection, delivery }: Pick<Scene, 'connection' | 'delivery'>,
): Promise<boolean> {
  const { table, clock } = connection.cloud;
  const id = claimKey(name);
  const { messageId } = delivery;
  if (await table.put({ id, message: messageId, ttl: workflowTtl(clock.now()) }, { absent: true }))
    return true;
  const [row] = await table.read([id], { consistent: true });
  return row?.message === messageId;
}
