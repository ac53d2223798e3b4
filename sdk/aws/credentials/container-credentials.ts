import { readFile } from 'node:fs/promises';
import { ConfigurationError } from '../../errors/index.ts';
import type { Chance } from '../../ports/chance.ts';
import type { Clock } from '../../ports/clock.ts';
import { attempt } from '../http/attempts.ts';
import { Connections } from '../http/connections.ts';
import type { HttpAnswer } from '../http/http-request.ts';
import { readJson } from '../http/read-json.ts';
import { readRefusal } from '../http/read-refusal.ts';
import { RetryQuota } from '../http/retry-quota.ts';
import type { Environment, TemporaryCredentials } from './credentials.ts';
import { CredentialsError } from './missing-errors.ts';

const hostOfEcs = 'http://169.254.170.2';
/** Where credentials may be asked for without encryption: this machine, and the addresses of ECS and EKS beside it. */
const plainHosts =
  /^(localhost|127(\.\d{1,3}){3}|\[::1\]|169\.254\.170\.2|169\.254\.170\.23|\[fd00:ec2::23\])$/;
const timeoutMs = 2_000;
const maxAttempts = 4;

/** What waiting between attempts needs. */
export interface Machine {
  readonly clock: Clock;
  readonly chance: Chance;
}

/**
 * The credentials of a container: ECS and Fargate, EKS Pod Identity, and Lambda with SnapStart. Undefined elsewhere.
 *
 * @throws CredentialsError if there are none to be had; ConfigurationError if they would travel in the clear.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 */
export async function containerCredentials(
  environment: Environment,
  { clock, chance }: Machine,
): Promise<TemporaryCredentials | undefined> {
  const url = urlOf(environment);
  if (url === undefined) return undefined;
  const connections = new Connections();
  const rules = { max: maxAttempts, quota: new RetryQuota(), clock, chance };
  try {
    return await attempt(async () => ask(url, await tokenOf(environment), connections), rules);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CredentialsError(
      `Expected ${url.host} to give the container's credentials, got: ${reason}. Check the role of the task or pod.`,
      { cause: error },
    );
  } finally {
    await connections.close();
  }
}

async function ask(url: URL, token: string | undefined, connections: Connections) {
  const sending = {
    origin: url.origin,
    method: 'GET',
    path: url.pathname + url.search,
    headers: { host: url.host, accept: 'application/json', ...(token && { authorization: token }) },
    body: new Uint8Array(),
  };
  const answer = await connections.exchange(sending, { connectMs: timeoutMs, answerMs: timeoutMs });
  if (answer.status !== 200) throw readRefusal(answer, 'credentials');
  return read(answer);
}

function urlOf(environment: Environment): URL | undefined {
  const { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: relative, AWS_CONTAINER_CREDENTIALS_FULL_URI: full } =
    environment;
  const given = relative ? `${hostOfEcs}${relative}` : full;
  if (!given) return undefined;
  // Also of the first: `@example.com` behind the host would make it another one.
  if (URL.canParse(given)) {
    const url = new URL(given);
    if (url.protocol === 'https:' || (url.protocol === 'http:' && plainHosts.test(url.hostname))) return url;
  }
  throw new ConfigurationError(
    relative
      ? `Expected AWS_CONTAINER_CREDENTIALS_RELATIVE_URI to be a path such as /v2/credentials/id, got '${relative}'.`
      : `Expected AWS_CONTAINER_CREDENTIALS_FULL_URI to be an https URL, or one of this machine, got '${full}'.`,
  );
}

async function tokenOf(environment: Environment): Promise<string | undefined> {
  const file = environment.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE;
  // Read anew each time: the file changes before the token ends.
  return file ? (await readFile(file, 'utf8')).trim() : environment.AWS_CONTAINER_AUTHORIZATION_TOKEN;
}

function read({ body }: HttpAnswer): TemporaryCredentials {
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = parse(body);
  if (!AccessKeyId || !SecretAccessKey) throw new Error('an answer without keys');
  const expiresAt = Date.parse(Expiration ?? '');
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    ...(Token && { sessionToken: Token }),
    ...(!Number.isNaN(expiresAt) && { expiresAt }),
  };
}

/** What JSON.parse says of a damaged answer quotes it: a part of the secret key would stand in a log. */
function parse(body: Uint8Array): Partial<Answer> {
  try {
    return readJson({ body });
  } catch {
    throw new Error('an answer that is no JSON');
  }
}

type Answer = Record<'AccessKeyId' | 'SecretAccessKey' | 'Token' | 'Expiration', string>;
