import { mkdir } from 'node:fs/promises';
import { serve, type WebServer } from '../web/serve.ts';
import { acceptImage } from './accept-image.ts';
import { answer, type Route, reply } from './http.ts';
import { showTask } from './show-task.ts';

const routes: readonly Route[] = [
  { method: 'POST', pattern: /^\/images$/, handle: acceptImage },
  { method: 'GET', pattern: /^\/tasks\/([^/]+)$/, handle: showTask },
];

export type ImageServer = WebServer;

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
  return serve(async (request, response) => reply(response, await answer(request, routes, folder)), port);
}
