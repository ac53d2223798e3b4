import type { Answer } from './queues.ts';

/**
 * The bucket of calls that are too large for a queue, as S3 offers it. An object is there as a whole or not at all, and from then on for
 * everybody. It is never changed; the bucket's lifecycle deletes it.
 */
export interface Payloads {
  /** Rejects with a ConfigurationError if nobody has said which bucket it is. */
  bucketName(): Promise<string>;
  /** Stores an object. Rejects with a ConfigurationError if there is no such bucket. */
  put(key: string, text: string): Promise<Answer>;
  /** Undefined if there is no such object, or none any more. Rejects with a ConfigurationError if there is no such bucket. */
  get(key: string): Promise<string | undefined>;
}
