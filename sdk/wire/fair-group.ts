import { createHash } from 'node:crypto';
import type { Envelope } from './envelope.ts';

/** The property under which Celery's `apply_async(MessageGroupId=...)` travels. */
export const groupProperty = 'MessageGroupId';

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html (letters, digits, punctuation) */
const whatSqsTakes = /^[\x21-\x7e]{1,128}$/;

/** A key as SQS takes it: as it is, or else as a digest of it. */
export function fairGroup(key: string): string {
  return whatSqsTakes.test(key) ? key : createHash('sha256').update(key).digest('hex');
}

/** The group of a call's messages; undefined: none. */
export function groupOf({ properties }: Pick<Envelope, 'properties'>): string | undefined {
  const group = properties[groupProperty];
  return typeof group === 'string' && group !== '' ? fairGroup(group) : undefined;
}
