import { createServer, type RequestListener } from 'node:http';

export interface WebServer extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
}

/** A web server on 127.0.0.1. @param port - 0 is any free one */
export async function serve(answer: RequestListener, port = 0): Promise<WebServer> {
  const server = createServer(answer);
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(port, '127.0.0.1', resolve);
  await listening;
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP port to listen on.');
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
