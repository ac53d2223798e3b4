import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { silentLogger } from 'tallo';
import { type LocalCloudOptions, startLocalCloud } from 'tallo/local';
import { onTestFinished } from 'vitest';
import { start } from '../cli/tallo.ts';
import { app } from './apps/studio.ts';

export const studioFile = 'test/worker/apps/studio.ts';

/** A local cloud for the studio without a worker, and the files by which its tasks are watched and let go. */
export async function givenStudio(
  options: LocalCloudOptions = {},
  environment: Readonly<Record<string, string>> = {},
) {
  const cloud = await startLocalCloud(app, { worker: false, log: silentLogger, ...options });
  onTestFinished(() => cloud.stop());
  const folder = mkdtempSync(join(tmpdir(), 'tallo-worker-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [gate, notesFile] = [join(folder, 'gate'), join(folder, 'notes')];
  const env = { AWS_ENDPOINT_URL: cloud.url, GATE: gate, NOTES: notesFile, ...environment };
  const notes = (): readonly string[] =>
    existsSync(notesFile) ? readFileSync(notesFile, 'utf8').trim().split('\n') : [];
  return {
    app,
    cloud,
    env,
    notes,
    openGate: () => writeFileSync(gate, ''),
    /** Waits until so many lines are there. */
    untilNoted: async (count: number) => {
      while (notes().length < count) await sleep(10);
    },
    /** Starts `tallo worker` on the queue, and waits until it is ready. */
    startWorker: async (...flags: readonly string[]) => {
      const worker = start(['worker', '-Q', 'default', '-A', studioFile, ...flags], { env });
      await worker.untilPrinted(flags.includes('--json') ? 'queues' : 'ready');
      return worker;
    },
  };
}
