import type { Chance } from '../../ports/chance.ts';
import type { Clock } from '../../ports/clock.ts';
import { type ConnectionOptions, connectionTo, type Service } from '../connection.ts';
import type { Credentials } from '../credentials/credentials.ts';
import { findCredentials } from '../credentials/find-credentials.ts';
import { findRegion } from '../credentials/find-region.ts';
import { RememberedCredentials } from '../credentials/remembered-credentials.ts';
import { type ServiceName, serviceEndpoint } from '../endpoint/service-endpoint.ts';
import type { AwsError } from './aws-error.ts';
import type { Sending } from './exchange.ts';
import { ServiceClock } from './service-clock.ts';
import { signedHeaders } from './signature.ts';
import type { SignedRequest } from './signed-requests.ts';
import { encodePath, encodeQuery } from './uri-encoding.ts';

export interface SignerOptions extends ConnectionOptions {
  readonly service: ServiceName;
  readonly clock: Clock;
  readonly chance: Chance;
}

/** As the variables of their endpoints name them. */
const variables = {
  sqs: 'SQS',
  dynamodb: 'DYNAMODB',
  scheduler: 'SCHEDULER',
  s3: 'S3',
} as const satisfies Record<ServiceName, Service>;

const userAgent = 'tallo';
const endedCredentials: ReadonlySet<string> = new Set(['ExpiredToken', 'ExpiredTokenException']);

/** A request as it travels, and what its signature was made of. */
interface Signed {
  readonly sending: Sending;
  readonly signedAt: number;
  readonly credentials: Credentials;
}

/** Gives requests their address and their signature. */
export class Signer {
  readonly #service: ServiceName;
  readonly #given: ConnectionOptions;
  readonly #clock: ServiceClock;
  readonly #credentials: RememberedCredentials;
  #region: string | undefined;

  /** @throws ConfigurationError if the endpoint is not a URL. */
  constructor({ service, clock, chance, ...options }: SignerOptions) {
    this.#service = service;
    const given = connectionTo(variables[service], options);
    this.#given = given;
    this.#region = given.region;
    this.#clock = new ServiceClock(clock);
    this.#credentials = new RememberedCredentials(
      async () => given.credentials ?? findCredentials({ clock, chance }),
      clock,
    );
  }

  /** @throws RegionError or CredentialsError if that is missing. */
  async sign(request: SignedRequest): Promise<Signed> {
    this.#region ??= await findRegion();
    const region = this.#region;
    const service = this.#service;
    const credentials = await this.#credentials.get();
    const at = this.#clock.now();
    const prepared = prepare(request, this.#given.endpoint ?? serviceEndpoint(service, region));
    const headers = signedHeaders(prepared, { credentials, region, service, at });
    const query = encodeQuery(prepared.query);
    const path = query === '' ? prepared.path : `${prepared.path}?${query}`;
    return { sending: { ...prepared, path, headers }, signedAt: at, credentials };
  }

  /**
   * Whether the refusal was the fault of a signature that would be another now: the request is worth one more attempt.
   *
   * @throws CredentialsError if the credentials have ended and there are no others.
   */
  async learns(refusal: AwsError, { signedAt, credentials }: Signed): Promise<boolean> {
    if (endedCredentials.has(refusal.name)) return this.#credentials.replace(credentials);
    return this.#clock.corrects(refusal, signedAt);
  }
}

/**
 * A function hands on what its invocation is a part of: only so do traces go through a queue.
 *
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-services-sqs.html
 */
function traceHeader() {
  const { AWS_LAMBDA_FUNCTION_NAME: name, _X_AMZN_TRACE_ID: trace } = process.env;
  return name && trace ? { 'x-amzn-trace-id': trace } : {};
}

function prepare(request: SignedRequest, endpoint: string) {
  const { protocol, host, pathname } = new URL(endpoint);
  const { method, path, query = {}, headers, body = '', hostPrefix = '' } = request;
  return {
    method,
    origin: `${protocol}//${hostPrefix}${host}`,
    // An emulator behind a proxy may have a path of its own.
    path: `${pathname.replace(/\/$/, '')}${encodePath(path)}`,
    query,
    headers: { ...headers, 'user-agent': userAgent, ...traceHeader() },
    body: typeof body === 'string' ? Buffer.from(body) : body,
  };
}
