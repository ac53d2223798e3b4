import { workflowTtl } from '../../sdk/call/send-planned.ts';
import { clockSkewMs } from '../../sdk/engine/life-of-call.ts';
import type { Condition } from '../../sdk/ports/table.ts';
import { claimKey } from '../../sdk/wire/keys.ts';
import type { Scene } from './scene.ts';

const state = 'claimed';

/**
 * Makes this message the one that does what the name says; another delivery of the same message counts as the same. A claim from before
 * the message was sent is of an earlier life of the call, and is taken over.
 *
 * @returns false if another message has been here before
 */
export async function claim(name: string, place: Place): Promise<boolean> {
  const { sentAt } = place.delivery;
  const olderThan = { attribute: 'timestamp', value: (sentAt - clockSkewMs) / 1_000 };
  return put(name, place, { unless: { attribute: 'state', isOneOf: [state], olderThan } });
}

/** The same, once and for all: the body of a chord is not started again by a member that comes back later. */
export async function claimForever(name: string, place: Place): Promise<boolean> {
  return put(name, place, { absent: true });
}

type Place = Pick<Scene, 'connection' | 'delivery'>;

async function put(name: string, { connection, delivery }: Place, condition: Condition): Promise<boolean> {
  const { table, clock } = connection.cloud;
  const id = claimKey(name);
  const { messageId } = delivery;
  const now = clock.now();
  const row = { id, message: messageId, state, timestamp: now / 1_000, ttl: workflowTtl(now) };
  if (await table.put(row, condition)) return true;
  const [holder] = await table.read([id], { consistent: true });
  return holder?.message === messageId;
}
