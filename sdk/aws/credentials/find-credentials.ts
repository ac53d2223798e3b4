import { containerCredentials, type Machine } from './container-credentials.ts';
import { chainCredentials } from './credential-chain.ts';
import type { Credentials, Environment, TemporaryCredentials } from './credentials.ts';

/**
 * Looks for credentials where the SDKs look, in their order but for the default profile, which comes after a container. Those of the
 * environment need no request and no package: functions always have them.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
 */
export async function findCredentials(
  machine: Machine,
  environment: Environment = process.env,
): Promise<TemporaryCredentials> {
  // Whoever names a profile means it, and a token file comes before a container.
  if (environment.AWS_PROFILE) return chainCredentials();
  const given = environmentCredentials(environment);
  if (given) return given;
  if (environment.AWS_WEB_IDENTITY_TOKEN_FILE) return chainCredentials();
  return (await containerCredentials(environment, machine)) ?? chainCredentials();
}

function environmentCredentials(environment: Environment): Credentials | undefined {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = environment;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return undefined;
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
  };
}
