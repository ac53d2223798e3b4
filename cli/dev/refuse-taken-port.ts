import { UsageError } from '../usage-error.ts';

export interface TakenPort {
  readonly port: number;
  /** Who may have taken it. */
  readonly by: string;
  /** What to type instead, with another port. */
  readonly command: string;
}

/**
 * Waits for a server to listen.
 *
 * @throws UsageError (USAGE) if the port is taken; any other error passes as it is.
 */
export async function refuseTakenPort<T>(server: Promise<T>, { port, by, command }: TakenPort): Promise<T> {
  try {
    return await server;
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause) || cause.code !== 'EADDRINUSE') throw cause;
    throw new UsageError(
      `Expected port ${port} to be free, but it is taken: by ${by}? Choose another one: ${command} --port ${port + 1}`,
      { cause },
    );
  }
}
