import { awsErrorBrand } from '../../sdk/aws/http/aws-error.ts';
import { networkCodes } from '../../sdk/aws/http/network-codes.ts';

/** What to say of an error that AWS, or the way to it, has given; undefined for any other error. */
export function cloudTrouble(error: unknown): { name: string; message: string } | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name } = error;
  const message = error.message || ('code' in error ? String(error.code) : name);
  // It says itself what to do.
  if (name === 'CredentialsError' || name === 'RegionError') return { name, message };
  if (isUnreachable(error))
    return { name, message: `The cloud could not be reached: ${message}. Is 'tallo dev' running?` };
  if (awsErrorBrand in error) return { name, message: `The cloud refused: ${name}: ${message}` };
  return undefined;
}

function isUnreachable(error: Error): boolean {
  if ('code' in error && typeof error.code === 'string' && networkCodes.has(error.code)) return true;
  return error.name === 'TransportError' || error.name === 'TimeoutError';
}
