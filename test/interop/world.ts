import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, type Tallo } from 'tallo';
import { startLocalCloud } from 'tallo/local';
import { CeleryClient } from './celery-client.ts';
import { startPython } from './python-process.ts';

/** Who serves which queue; each serves none if it is left out. */
export interface Serving {
  readonly tallo?: readonly string[];
  readonly celery?: readonly string[];
  /** The longest wait of the client for one result, seconds. @default 20 */
  readonly patience?: number;
}

/** The local cloud, a worker of ours, a worker and a client of Celery's. */
export interface World {
  readonly celery: CeleryClient;
  stop(): Promise<void>;
}

/** Starts all of it. Whatever was started is gone after `stop`, and nothing is left behind. */
export async function startWorld(
  app: Tallo,
  { tallo = [], celery = [], patience = 20 }: Serving,
): Promise<World> {
  const journal = mkdtempSync(join(tmpdir(), 'tallo-interop-'));
  process.env.INTEROP_JOURNAL = journal;
  const worker = tallo.length > 0;
  const cloud = await startLocalCloud(app, { worker, queues: tallo, log: silentLogger });
  const settings = { endpoint: cloud.url, journal, patience };
  const starting = [
    CeleryClient.start({ ...settings, queue: 'default' }),
    ...(celery.length > 0
      ? [startPython(['interop.worker', ...celery], { ...settings, queue: celery[0] ?? '' })]
      : []),
  ] as const;
  const stop = async () => {
    const started = await Promise.allSettled(starting);
    await Promise.all(
      started.map((process) => (process.status === 'fulfilled' ? process.value.stop() : undefined)),
    );
    await cloud.stop();
    rmSync(journal, { recursive: true, force: true });
  };
  try {
    const [client] = await Promise.all(starting);
    return { celery: client, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
