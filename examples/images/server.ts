import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { acceptImage } from './accept-image.ts';
import { answer, type Route, reply } from './http.ts';
import { showTask } from './show-task.ts';

const routes: readonly Route[] = [
  { method: 'POST', pattern: /^\/images$/, handle: acceptImage },
  { method: 'GET', pattern: /^\/tasks\/([^/]+)$/, handle: showTask },
];

export interface ImageServer extends AsyncDisposable {
  readonly url: string;
}

/** The back end of the image scenario, on 127.0.0.1. Uploads and edited images lie in sub-folders of `folder`. */
export async function startImageServer({
  folder,
  port = 0,
}: {
  readonly folder: string;
  /** @default 0: any free port */
  readonly port?: number;
}): Promise<ImageServer> {
  await Promise.all(['uploads', 'images'].map((name) => mkdir(`${folder}/${name}`, { recursive: true })));
  const server = createServer(async (request, response) => {
    reply(response, await answer(request, routes, folder));
  });
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(port, '127.0.0.1', resolve);
  await listening;
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP port to listen on.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
