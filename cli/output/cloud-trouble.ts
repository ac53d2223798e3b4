/** Node's codes for an address that does not answer. */
const networkCodes: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** What to say of an error that AWS, or the way to it, has given; undefined for any other error. */
export function cloudTrouble(error: unknown): { name: string; message: string } | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name } = error;
  const message = error.message || ('code' in error ? String(error.code) : name);
  if (isWithoutAddress(error))
    return { name, message: `Expected to know where the cloud is: ${message}. ${advice}` };
  // Before `$metadata`: the SDK writes that on network errors too.
  if (isUnreachable(error))
    return { name, message: `The cloud could not be reached: ${message}. Is 'tallo dev' running?` };
  if ('$metadata' in error) return { name, message: `The cloud refused: ${name}: ${message}` };
  return undefined;
}

const advice =
  "Set AWS_ENDPOINT_URL, as 'tallo dev' prints it, or for AWS itself AWS_REGION and credentials or AWS_PROFILE.";

function isWithoutAddress({ name, message }: Error): boolean {
  return name === 'CredentialsProviderError' || message === 'Region is missing';
}

function isUnreachable(error: Error): boolean {
  if ('code' in error && typeof error.code === 'string' && networkCodes.has(error.code)) return true;
  return error.name === 'TimeoutError';
}
