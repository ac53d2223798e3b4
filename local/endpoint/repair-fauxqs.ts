import { isObject } from './json-protocol.ts';

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const refusedBySqs = /[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/**
 * Lets messages carry characters above U+FFFF, such as emoji. The pattern of fauxqs 2.4.1 reads half characters (it lacks
 * the `u` flag) and refuses them, which SQS does not; newer versions are right by themselves.
 */
export async function allowAllOfUnicode(): Promise<void> {
  const pattern = await patternOfFauxqs();
  if (pattern?.test('🌿')) pattern.test = (text) => refusedBySqs.test(text);
}

/** The pattern lies in a file that fauxqs does not export, and may lie elsewhere in another version. */
async function patternOfFauxqs(): Promise<RegExp | undefined> {
  const file = new URL('./sqs/sqsTypes.js', import.meta.resolve('fauxqs'));
  const module: unknown = await import(file.href).catch(() => undefined);
  const pattern = isObject(module) ? module.INVALID_MESSAGE_BODY_CHAR : undefined;
  return pattern instanceof RegExp ? pattern : undefined;
}
