import { MissingDependencyError } from '../../errors/index.ts';
import type { TemporaryCredentials } from './credentials.ts';
import { CredentialsError } from './missing-errors.ts';

type Chain = typeof import('@aws-sdk/credential-provider-node');
type Provider = ReturnType<Chain['defaultProvider']>;

/**
 * In a variable, so that no bundler follows it: an artefact for Lambda, Fargate or any other container never needs the package, and it
 * is larger than all of Tallo. No bundler has to be told so.
 */
const packageName = '@aws-sdk/credential-provider-node';

/**
 * Profiles, SSO, web identity, instance metadata: AWS's own package knows them all.
 *
 * @throws MissingDependencyError if the package is not installed, as in a bundle.
 * @throws CredentialsError if there are no credentials, or they have ended.
 */
export async function chainCredentials(): Promise<TemporaryCredentials> {
  const ask = await load();
  const found = await ask().catch((error: unknown) => {
    throw refused(error);
  });
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = found;
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken && { sessionToken }),
    ...(expiration && { expiresAt: expiration.getTime() }),
  };
}

async function load(): Promise<Provider> {
  try {
    const { defaultProvider } = (await import(
      /* webpackIgnore: true */ /* @vite-ignore */ packageName
    )) as Chain;
    return defaultProvider();
  } catch (error) {
    throw new MissingDependencyError(
      `Expected AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or a container's credentials, or the package '${packageName}' for profiles, SSO, web identity and instances, found none. Install it: npm install ${packageName}`,
      { cause: error },
    );
  }
}

function refused(error: unknown): CredentialsError {
  const reason = error instanceof Error ? error.message : String(error);
  const { AWS_PROFILE } = process.env;
  const where = AWS_PROFILE ? ` in the profile '${AWS_PROFILE}'` : '';
  return new CredentialsError(
    `Expected credentials for AWS, found none that work${where}: ${reason}. Set AWS_ENDPOINT_URL, as 'tallo dev' prints it, or for AWS itself AWS_PROFILE (and log in: aws sso login), or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
    { cause: error },
  );
}
