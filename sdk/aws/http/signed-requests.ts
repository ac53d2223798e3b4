import { type Chance, systemChance } from '../../ports/chance.ts';
import { type Clock, systemClock } from '../../ports/clock.ts';
import type { ConnectionOptions } from '../connection.ts';
import type { ServiceName } from '../endpoint/service-endpoint.ts';
import { attempt } from './attempts.ts';
import { Connections } from './connections.ts';
import type { HttpAnswer, Query } from './http-request.ts';
import { maxAttemptsOf } from './max-attempts.ts';
import { readRefusal } from './read-refusal.ts';
import { RetryQuota } from './retry-quota.ts';
import { Signer } from './signer.ts';
import { TransportError } from './transport-error.ts';

export interface SignedRequestsOptions extends ConnectionOptions {
  readonly service: ServiceName;
  /** Until an answer begins; anew with each part of a large request or answer. @default 10_000 */
  readonly timeoutMs?: number;
  /** To one host; further requests wait. @default 50 */
  readonly maxConnections?: number;
  /** The true time: signatures bear it. @default the machine's own */
  readonly clock?: Clock;
  /** @default the machine's own */
  readonly chance?: Chance;
}

/** A request as it is meant; address, signature and retries are added. */
export interface SignedRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD';
  /** Begins with a slash, not encoded yet: `/schedules/daily report`. */
  readonly path: string;
  readonly query?: Query;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** @default empty */
  readonly body?: string | Uint8Array;
  /** What comes before the host's name, with its dot: `my-bucket.`. */
  readonly hostPrefix?: string;
  /** What the request is called in errors, such as `sqs.SendMessageBatch`. */
  readonly name: string;
  /** Of this one, where the service's usual limit does not fit. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Requests to one service of AWS: signed, tried again as the SDKs do in their standard mode, on connections that stay open. */
export interface SignedRequests {
  /**
   * Resolves with what `read` makes of a success (2xx). An answer that it throws for came damaged, and is asked for again.
   *
   * @throws AwsError for any other answer; its `name` is the service's code.
   * @throws TransportError if there was no answer, also after the retries.
   * @throws RegionError or CredentialsError if that is missing.
   * @throws The signal's reason, if it aborts first.
   */
  send<T = HttpAnswer>(request: SignedRequest, read?: (answer: HttpAnswer) => T): Promise<T>;
  /** Lets the connections go. */
  close(): Promise<void>;
}

const connectTimeoutMs = 3_000;

/** @throws ConfigurationError if the endpoint is not a URL, or `AWS_MAX_ATTEMPTS` is not a number. */
export function signedRequests(options: SignedRequestsOptions): SignedRequests {
  const { timeoutMs = 10_000, maxConnections, clock = systemClock, chance = systemChance } = options;
  const rules = { max: maxAttemptsOf(), quota: new RetryQuota(), clock, chance };
  const signer = new Signer({ ...options, clock, chance });
  const connections = new Connections({ max: maxConnections });

  const once = async (request: SignedRequest, isSecond = false): Promise<HttpAnswer> => {
    const { signal } = request;
    const signed = await signer.sign(request);
    const limits = { connectMs: connectTimeoutMs, answerMs: request.timeoutMs ?? timeoutMs, signal };
    const answer = await connections.exchange(signed.sending, limits);
    if (answer.status >= 200 && answer.status < 300) return answer;
    const refusal = readRefusal(answer, request.name);
    if (!isSecond && (await signer.learns(refusal, signed))) return once(request, true);
    throw refusal;
  };
  return {
    send: (request, read = asItIs) => {
      const { signal } = request;
      return attempt(async () => readWhole(await once(request), request.name, read), { ...rules, signal });
    },
    close: () => connections.close(),
  };
}

function readWhole<T>(answer: HttpAnswer, name: string, read: (answer: HttpAnswer) => T): T {
  try {
    return read(answer);
  } catch (error) {
    throw TransportError.unreadable(name, error);
  }
}

/** Only who asks without a reader gets the answer itself. */
function asItIs<T>(answer: HttpAnswer): T {
  return answer as T;
}
