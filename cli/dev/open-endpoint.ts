import { type Endpoint, startEndpoint } from '../../local/endpoint/start-endpoint.ts';
import { UsageError } from '../usage-error.ts';

/**
 * Starts the local cloud.
 *
 * @throws UsageError (USAGE) if the port is taken; MissingDependencyError (MISSING_DEPENDENCY).
 */
export async function openEndpoint(port: number): Promise<Endpoint> {
  try {
    return await startEndpoint({ port });
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause) || cause.code !== 'EADDRINUSE') throw cause;
    throw new UsageError(
      `Expected port ${port} to be free, but it is taken: by another 'tallo dev', or LocalStack? Choose another one: tallo dev --port ${port + 1}`,
      { cause },
    );
  }
}
