import { DecodeError } from '../errors/index.ts';
import type { Payloads } from '../ports/payloads.ts';
import { maxPayloadBytes } from '../wire/size.ts';
import { isPayloadKey, ownerOf } from './object-key.ts';
import { type PayloadReference, readReference } from './reference.ts';

/**
 * The text that a message refers to. Only the app's own bucket is read, and in it only what is a payload: anybody who may send a
 * message could otherwise have a worker read for them whatever it may read.
 *
 * @param payloads undefined: the app has no bucket
 * @throws DecodeError, with whose payload it is, if it must not be read or is gone for good; anything else if it may come later.
 */
export async function fetchPayload(
  { bucket, key, size = 0 }: PayloadReference,
  payloads: Payloads | undefined,
): Promise<string> {
  const unreadable = (message: string) => new DecodeError(message, ownerOf(key));
  if (!payloads) {
    throw unreadable(
      `Expected a message with its payload in it, got one that lies in bucket '${shown(bucket)}'. Give the app the option payloadBucket.`,
    );
  }
  const own = await payloads.bucketName();
  if (bucket !== own) {
    throw unreadable(`Expected a payload in the app's bucket '${own}', got one in '${shown(bucket)}'.`);
  }
  if (!isPayloadKey(key)) {
    throw unreadable(`Expected the key of a payload, got '${shown(key)}'. Only payloads are read.`);
  }
  if (size > maxPayloadBytes) {
    throw unreadable(
      `Expected a payload of at most ${maxPayloadBytes} bytes, got one of ${size}. Send less at once.`,
    );
  }
  const text = await payloads.get(key);
  if (text !== undefined) return text;
  throw unreadable(
    `Expected the payload '${shown(key)}' in bucket '${own}', found none: it was deleted, by the bucket's lifecycle if the call is old.`,
  );
}

/** The text of a message, wherever it lies; undefined if it is gone, or must not be read. */
export async function textOf(body: string, payloads: Payloads | undefined): Promise<string | undefined> {
  const reference = readReference(body);
  if (!reference) return body;
  try {
    return await fetchPayload(reference, payloads);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** It stands in a row and in an attribute. */
function shown(text: string): string {
  return text.length <= 400 ? text : `${text.slice(0, 400)}...`;
}
