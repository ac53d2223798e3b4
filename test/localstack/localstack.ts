import { createServer } from 'node:net';
import { usesDocker } from '../../tools/docker.mjs';
import { startWithDocker } from './with-docker.ts';
import { startWithPython } from './with-python.ts';

/** A running LocalStack. */
export interface Localstack {
  /** What `AWS_ENDPOINT_URL` is set to. */
  readonly url: string;
  /** Ends it and everything that it started. What was stored is gone. */
  stop(): Promise<void>;
}

/** Starts LocalStack: its image where Docker works, else the program that `tools/localstack-environment.mjs` has installed. */
export async function startLocalstack(): Promise<Localstack> {
  const port = await freePort();
  return usesDocker() ? startWithDocker(port) : startWithPython(port);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
