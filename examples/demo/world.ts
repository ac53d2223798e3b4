import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { jsonLogger, type Logger } from 'tallo';
import { type LocalCloud, startLocalCloud } from 'tallo/local';
import { app } from '../app.ts';
import { type MailServer, type MailServerOptions, startMailServer } from '../campaign/mail-server.ts';
import { tellTasks } from '../environment.ts';
import { type ImageServer, startImageServer } from '../images/server.ts';

/** All that the demo needs, running in this process. */
export interface World extends AsyncDisposable {
  readonly folder: string;
  readonly cloud: LocalCloud;
  readonly mailServer: MailServer;
  readonly imageServer: ImageServer;
}

/** Starts it. What lies in the folder from the last time is removed. */
export async function startWorld(folder: string, options: MailServerOptions = {}): Promise<World> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await using starting = new AsyncDisposableStack();
  const { log, close } = openLog(join(folder, 'tasks.log'));
  starting.defer(close);
  const mailServer = starting.use(await startMailServer(options));
  starting.defer(tellTasks({ SMTP_HOST: '127.0.0.1', SMTP_PORT: String(mailServer.port) }));
  const cloud = starting.use(await startLocalCloud(app, { log }));
  cloud.traffic.reset();
  const imageServer = starting.use(await startImageServer({ folder }));
  const running = starting.move();
  return {
    folder,
    cloud,
    mailServer,
    imageServer,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** One JSON object per line, with the task's name, its id and the attempt. */
function openLog(path: string): { log: Logger; close: () => Promise<void> } {
  const file = createWriteStream(path);
  const close = async () => {
    file.end();
    await finished(file);
  };
  return { log: jsonLogger({ write: (line) => void file.write(`${line}\n`) }), close };
}
