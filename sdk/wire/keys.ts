import { createHash } from 'node:crypto';

/**
 * The key of a task's result. Celery's DynamoDB backend stores the printed form of a Python bytes object, `b'...'`
 * included, and only finds rows under exactly that text (celery #5455).
 */
export function taskMetaKey(taskId: string): string {
  return printedBytes(`celery-task-meta-${taskId}`);
}

/** The key of a group that was saved, or whose results a chord collects; in the same printed form. */
export function groupMetaKey(groupId: string): string {
  return printedBytes(`celery-taskset-meta-${groupId}`);
}

/** The key of the counter of a chord's members that have come to their end; in the same printed form. */
export function chordUnlockKey(groupId: string): string {
  return printedBytes(`chord-unlock-${groupId}`);
}

/**
 * Whether a text can be the id of a task: it becomes part of keys.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html (2,048 bytes)
 */
export function isTaskId(id: string): boolean {
  return id !== '' && taskMetaKey(id).length <= maxKeyLength;
}

/** A little less than DynamoDB takes, since other keys bear the id too. */
const maxKeyLength = 2_000;

/** The key of the counter of runs that redeliveries of one attempt have begun. Ours alone. */
export function startsKey(taskId: string, retries: number): string {
  return `starts-${taskId}-${retries}`;
}

/** The key of the counter of redeliveries that have begun to read a payload and not come to its end. Ours alone. */
export function openingsKey(objectKey: string): string {
  return `openings-${short(objectKey)}`;
}

/** The key of a part of a workflow that does not fit into its messages. */
export function flowKey(name: string, part: number): string {
  return `flow-${name}-${part}`;
}

/** The key of the note which message does something that must be done for one message only. */
export function claimKey(name: string): string {
  return `claim-${name}`;
}

/** The key of the slots of a task's rate limit. Slots that are further apart, or nearer, are others: nobody waits behind those of a former limit. */
export function rateKey(task: string, limitKey: string | undefined, spacing: number): string {
  return `rate-${spacing}-${ofTask(task, limitKey)}`;
}

/** The key of the note which slots of a rate limit were used by calls that had been put off; so many slots share one. */
export function usedSlotsKey(rate: string, page: number): string {
  return `used-${rate}-${page}`;
}

/** The keys of the places of a task's limit on concurrent runs bear this and a number. */
export function leaseKey(task: string, limitKey: string | undefined): string {
  return `lease-${ofTask(task, limitKey)}`;
}

/** The key of a circuit breaker. */
export function breakerKey(name: string): string {
  return `breaker-${ofTask(name, undefined)}`;
}

/** The key of the one call of a task that bears an idempotency key. */
export function idempotencyRow(task: string, key: string): string {
  return `idempotency-${ofTask(task, key)}`;
}

/** The key of the one call of a task that goes out in a period. */
export function throttleRow(task: string, key: string): string {
  return `throttle-${ofTask(task, key)}`;
}

/** The key of the collection of calls that become one. */
export function debounceRow(task: string, key: string): string {
  return `debounce-${ofTask(task, key)}`;
}

/** The key of the arguments that such a call runs with. */
export function debouncedRow(taskId: string): string {
  return `debounced-${taskId}`;
}

/** No task's name has a colon in it then, so that a task with a key is never taken for another task. What is long is told apart by a digest. */
function ofTask(task: string, limitKey: string | undefined): string {
  return limitKey === undefined ? short(encoded(task)) : `${short(encoded(task))}:${short(limitKey)}`;
}

function encoded(text: string): string {
  return text.replace(/[%:]/g, (character) => encodeURIComponent(character));
}

const maxPartLength = 200;

function short(text: string): string {
  if (text.length <= maxPartLength) return text.toWellFormed();
  const digest = createHash('sha256').update(text).digest('hex');
  return `${text.slice(0, maxPartLength).toWellFormed()}~${digest}`;
}

/** The key of the revoked list's head, or of one of its pages. */
export function revokedKey(page?: number): string {
  return page === undefined ? 'revoked' : `revoked-${page}`;
}

/** The name of a beat entry's schedule, and the key of the row that knows its last slot. */
export function beatKey(entry: string): string {
  return `beat-${entry}`;
}

/**
 * The name of a timer: what can stand in one stays as it is, so that people find the schedule of their task; anything else is
 * told apart by a digest.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html (1 to 64 letters, digits, `-`, `_`, `.`)
 */
export function timerName(text: string): string {
  if (/^[0-9A-Za-z._-]{1,64}$/.test(text)) return text;
  return createHash('sha256').update(text).digest('hex');
}

/** The key of the note in which timer a call waits, if that has another name than its first one. */
export function timerNoteKey(taskId: string): string {
  return `timer-${taskId}`;
}

/** The key of what is known of a whole join; with a bucket, of the members that were recorded there. */
export function joinKey(group: string, bucket?: number): string {
  return bucket === undefined ? `join-${group}` : `join-${group}-${bucket}`;
}

/** What Python's `str()` makes of a bytes object. */
function printedBytes(text: string): string {
  // Nearly every id is made of these alone, and every look at a result needs its key.
  if (/^[\x20-\x26\x28-\x5b\x5d-\x7e]*$/.test(text)) return `b'${text}'`;
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const printed = Array.from(new TextEncoder().encode(text), (byte) => printedByte(byte, quote));
  return `b${quote}${printed.join('')}${quote}`;
}

const named: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r', 92: '\\\\' };

function printedByte(byte: number, quote: string): string {
  const character = String.fromCharCode(byte);
  if (character === quote) return `\\${quote}`;
  if (byte >= 0x20 && byte < 0x7f && byte !== 92) return character;
  return named[byte] ?? `\\x${byte.toString(16).padStart(2, '0')}`;
}
