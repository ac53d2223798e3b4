/**
 * The key of a task's result. Celery's DynamoDB backend stores the printed form of a Python bytes object, `b'...'`
 * included, and only finds rows under exactly that text (celery #5455).
 */
export function taskMetaKey(taskId: string): string {
  return printedBytes(`celery-task-meta-${taskId}`);
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

/** What Python's `str()` makes of a bytes object. */
function printedBytes(text: string): string {
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
