import { payloadLifetimes } from './lifetimes.ts';

/** Whose payload an object holds. */
export interface PayloadOwner {
  readonly task: string;
  readonly taskId: string;
}

/** Longer names are left out, since S3 takes 1,024 bytes in all. */
const maxPartLength = 300;
const leftOut = '-';

/**
 * The key of a payload. It tells whose it is: when an object is gone, nothing else does.
 *
 * @param unique no two objects share it, since none is ever changed
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
 */
export function objectKey(prefix: string, { task, taskId }: PayloadOwner, unique: string): string {
  return `${prefix}${escaped(task)}/${escaped(taskId)}/${unique}`;
}

/** Whose payload lies under a key, as far as it tells. */
export function ownerOf(key: string): Partial<PayloadOwner> {
  const prefix = prefixOf(key);
  if (prefix === undefined) return {};
  const [task, taskId] = key.slice(prefix.length).split('/').map(unescaped);
  return { ...(task !== undefined && { task }), ...(taskId !== undefined && { taskId }) };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

// No part is made of dots alone: on its way a path may lose such a part, and lead elsewhere.
const ownParts = /^(?!\.+\/)[\w!.-]+\/(?!\.+\/)[\w!.-]+\/[\w-]+$/;

/** Whether an object of that key may be a payload: one of ours, or one of AWS's extended clients, which give it a UUID for its key. */
export function isPayloadKey(key: string): boolean {
  const prefix = prefixOf(key);
  return prefix === undefined ? uuid.test(key) : ownParts.test(key.slice(prefix.length));
}

function prefixOf(key: string): string | undefined {
  return payloadLifetimes.find(({ prefix }) => key.startsWith(prefix))?.prefix;
}

/** With characters that need no care in S3: an exclamation mark stands where a URL has a per cent sign. */
function escaped(text: string): string {
  const plain = encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*~]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%', '!');
  return plain === '' || plain.length > maxPartLength || /^[.-]+$/.test(plain) ? leftOut : plain;
}

function unescaped(part: string): string | undefined {
  if (part === leftOut || part === '') return undefined;
  try {
    return decodeURIComponent(part.replaceAll('!', '%'));
  } catch {
    return undefined;
  }
}
