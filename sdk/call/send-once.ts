import type { Item } from '../ports/table.ts';
import { leaseFrom, type SharedCall, sendLeased, untilSent } from './send-lease.ts';
import type { Once } from './sharing-options.ts';

/**
 * Sends a call unless one has been sent that stands for it.
 *
 * @returns the id of the one that counts
 */
export async function sendOnce(
  id: string,
  { lastsMs }: Pick<Once, 'lastsMs'>,
  shared: SharedCall,
): Promise<string> {
  const { row: key, cloud } = shared;
  const { table, clock } = cloud;
  for (;;) {
    const now = clock.now();
    const expires = now + lastsMs;
    const ttl = Math.ceil(expires / 1_000);
    const row: Item = { id: key, task: id, ...leaseFrom(now), expires, ttl };
    // The table forgets late, so that it does not decide.
    if (await table.put(row, { unless: { attribute: 'expires', atLeast: now + 1 } }))
      return sendLeased(row, shared);
    const [other] = await table.read([key], { consistent: true });
    const isLive = typeof other?.expires === 'number' && other.expires > now;
    const sent = isLive ? await untilSent(other, shared) : undefined;
    if (sent !== undefined) return sent;
  }
}
