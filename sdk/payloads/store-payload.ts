import { insist } from '../outbox/insist.ts';
import type { PublishRetryPolicy } from '../outbox/publish-policy.ts';
import type { Chance } from '../ports/chance.ts';
import type { Clock } from '../ports/clock.ts';
import type { Payloads } from '../ports/payloads.ts';
import { byteLength } from '../wire/size.ts';
import { objectKey, type PayloadOwner } from './object-key.ts';
import type { PayloadReference } from './reference.ts';

/** A payload, and where it is to lie. */
export interface Payload {
  readonly text: string;
  readonly owner: PayloadOwner;
  /** What its key is to begin with. */
  readonly prefix: string;
  readonly policy?: PublishRetryPolicy | false;
}

/** What it is stored with. */
export interface PayloadShelf {
  readonly payloads: Payloads;
  readonly clock: Clock;
  readonly chance: Chance;
}

/**
 * Stores a payload. Whoever comes to send the same call again stores it once more, so that its lifetime begins anew with every message.
 *
 * @throws OperationalError when it is refused for good or the retries are used up; ConfigurationError if there is no bucket.
 */
export async function storePayload(
  { text, owner, prefix, policy = {} }: Payload,
  { payloads, clock, chance }: PayloadShelf,
): Promise<PayloadReference> {
  const bucket = await payloads.bucketName();
  const key = objectKey(prefix, owner, chance.newId());
  const what = `Storing the payload of task '${owner.task}' in bucket '${bucket}'`;
  await insist(() => payloads.put(key, text), { what, policy, clock });
  return { bucket, key, size: byteLength(text) };
}
