import { AwsError } from './aws-error.ts';
import type { HttpAnswer } from './http-request.ts';
import { textOf } from './read-json.ts';

/** The codes of SQS's older protocol that name the same error otherwise. The answers of some emulators have nothing else. */
const queryCodes: Readonly<Record<string, string>> = {
  NonExistentQueue: 'QueueDoesNotExist',
  QueueAlreadyExists: 'QueueNameExists',
};

/** Longer texts are pages of a proxy, not messages. */
const longestMessage = 500;

/** Reads why a request was refused: from JSON, from XML (S3), or from whatever somebody between has written. */
export function readRefusal({ status, headers, body }: HttpAnswer, request: string): AwsError {
  const text = textOf(body);
  const { code, message } = readXml(text) ?? readJson(text);
  const given = code ?? headers['x-amzn-errortype'] ?? headers['x-amzn-query-error'];
  return new AwsError({
    name: given === undefined ? `Http${status}` : shapeName(given),
    message:
      message ?? (text.trim().slice(0, longestMessage) || `The answer was empty, its status ${status}.`),
    status,
    requestId: headers['x-amzn-requestid'] ?? headers['x-amz-request-id'],
    request,
    serverTime: timeOf(headers),
    retryAfterMs: pauseAskedFor(headers),
  });
}

interface Said {
  readonly code?: string | undefined;
  readonly message?: string | undefined;
}

function readXml(text: string): Said | undefined {
  if (!text.trimStart().startsWith('<') || !text.includes('<Error>')) return undefined;
  return { code: /<Code>([^<]+)/.exec(text)?.[1], message: /<Message>([^<]*)/.exec(text)?.[1] };
}

function readJson(text: string): Said {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read !== 'object' || read === null) return {};
    const { __type, code, message, Message } = read as Readonly<Record<string, unknown>>;
    return { code: wordOf(__type) ?? wordOf(code), message: wordOf(message) ?? wordOf(Message) };
  } catch {
    return {};
  }
}

function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * The name alone: `com.amazonaws.dynamodb.v20120810#ResourceNotFoundException`,
 * `ConflictException:http://internal.amazon.com/...`, `AWS.SimpleQueueService.NonExistentQueue;Sender`.
 */
function shapeName(given: string): string {
  const [name = ''] = (given.split('#').at(-1) ?? '').split(/[:;,]/);
  const bare = name.trim().replace(/^AWS\.SimpleQueueService\./, '');
  return queryCodes[bare] ?? bare;
}

function timeOf(headers: HttpAnswer['headers']): number | undefined {
  // With an age, a cache has answered, and its date says nothing of the service's clock.
  const time = headers.age === undefined ? Date.parse(headers.date ?? '') : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
function pauseAskedFor(headers: HttpAnswer['headers']): number | undefined {
  const milliseconds = Number(headers['x-amz-retry-after'] ?? Number.NaN);
  if (!Number.isNaN(milliseconds)) return milliseconds;
  const { 'retry-after': given } = headers;
  if (given === undefined) return undefined;
  const seconds = Number(given);
  const pause = Number.isNaN(seconds) ? Date.parse(given) - (timeOf(headers) ?? Date.now()) : seconds * 1_000;
  return Number.isNaN(pause) ? undefined : Math.max(0, pause);
}
