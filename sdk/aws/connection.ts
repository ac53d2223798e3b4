import { ConfigurationError } from '../errors/index.ts';
import type { Credentials, Environment } from './credentials/credentials.ts';

/** Where AWS is and who asks. What is left out comes from the standard AWS environment variables and files. */
export interface ConnectionOptions {
  /** @default `AWS_REGION`, then the profile's region */
  readonly region?: string;
  /** One URL for all services, such as `http://127.0.0.1:4566`. @default `AWS_ENDPOINT_URL_<SERVICE>`, then `AWS_ENDPOINT_URL`, then AWS itself */
  readonly endpoint?: string;
  /** @default those of the environment, then of the profile, the container, the instance */
  readonly credentials?: Credentials;
}

/** The services by the names that their endpoint variables bear. */
export type Service = 'SQS' | 'DYNAMODB' | 'SCHEDULER' | 'S3';

const signsOfCredentials = [
  'AWS_ACCESS_KEY_ID',
  'AWS_PROFILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
];
const signsOfRegion = ['AWS_REGION', 'AWS_PROFILE'];

/**
 * What a client of that service is built with. Region and credentials get harmless values only when the endpoint is
 * a loopback address and none were given; for any other endpoint they are looked for where the SDKs look.
 *
 * @throws ConfigurationError if the endpoint is not an http or https URL.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function connectionTo(
  service: Service,
  options: ConnectionOptions,
  environment: Environment = process.env,
): ConnectionOptions {
  const { region, credentials } = options;
  const endpoint = endpointOf(service, options, environment);
  const given = {
    ...(endpoint !== undefined && { endpoint }),
    ...(region !== undefined && { region }),
    ...(credentials !== undefined && { credentials }),
  };
  if (endpoint === undefined || !isLoopback(endpoint)) return given;
  return { ...harmless(environment), ...given };
}

/** Whether the URL names this machine: 127.0.0.0/8, ::1, localhost or a name under localhost. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname) || /(^|\.)localhost$/.test(hostname);
}

function endpointOf(service: Service, options: ConnectionOptions, environment: Environment) {
  const variable = [`AWS_ENDPOINT_URL_${service}`, 'AWS_ENDPOINT_URL'].find((name) => environment[name]);
  const endpoint = options.endpoint ?? (variable && environment[variable]);
  if (endpoint === undefined || isWebAddress(endpoint)) return endpoint;
  throw new ConfigurationError(
    `Expected ${options.endpoint === undefined ? variable : "the option 'endpoint'"} to be a URL such as http://127.0.0.1:4566, got '${endpoint}'.`,
  );
}

function isWebAddress(text: string): boolean {
  // `localhost:4566` is a valid URL too, of the protocol `localhost:`.
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}

function harmless(environment: Environment): ConnectionOptions {
  const isGiven = (signs: readonly string[]) => signs.some((name) => environment[name]);
  return {
    // Python reads AWS_DEFAULT_REGION and the JavaScript SDK does not: both must find the same local queues.
    ...(!isGiven(signsOfRegion) && { region: environment.AWS_DEFAULT_REGION || 'us-east-1' }),
    ...(!isGiven(signsOfCredentials) && { credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }),
  };
}
