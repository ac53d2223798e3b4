import { join } from 'node:path';
import { cleanUpImages } from '../app.ts';
import type { Recipient } from '../campaign/recipients.ts';
import type { CampaignReport } from '../campaign/report.ts';
import { runCampaign } from '../campaign/run-campaign.ts';
import { editBrokenPhoto, editPhotos } from './edit-photos.ts';
import type { Job } from './jobs.ts';
import type { TaskStatus } from './photo-client.ts';
import type { Progress } from './progress.ts';
import type { World } from './world.ts';

export interface WorkOptions {
  readonly jobs: readonly Job[];
  readonly recipients: readonly Recipient[];
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** What was done, and how long it took. */
export interface Work {
  readonly photos: Timed<readonly TaskStatus[]>;
  readonly campaign: Timed<CampaignReport>;
  readonly cleanUp: Timed<readonly string[]>;
}

export interface Timed<T> {
  readonly value: T;
  readonly seconds: number;
}

/** Edits the photographs while the campaign is being sent, then cleans up the uploads. */
export async function work(world: World, options: WorkOptions): Promise<Work> {
  const failing = new AbortController();
  const both = { ...options, signal: AbortSignal.any([options.signal, failing.signal]) };
  const parts = [timed(() => photos(world, both)), timed(() => campaign(both))] as const;
  // If one part fails, the other must not go on in a world that is being taken down.
  const [edited, sent] = await Promise.all(parts).finally(() => failing.abort());
  return { photos: edited, campaign: sent, cleanUp: await timed(() => cleanUpUploads(world, options)) };
}

async function photos(
  { imageServer: { url } }: World,
  { jobs, progress, signal }: WorkOptions,
): Promise<readonly TaskStatus[]> {
  const bars = new Map(jobs.map(({ photo, operations }) => [photo, progress.bar(photo, operations.length)]));
  const onLook = (photo: string, { ready, state, progress: step }: TaskStatus) => {
    const total = jobs.find((job) => job.photo === photo)?.operations.length ?? 0;
    bars.get(photo)?.set(ready ? total : (step?.current ?? 0), ready ? state : (step?.status ?? state));
  };
  const broken = progress.bar('half-a-raccoon', 1);
  const [edited, refused] = await Promise.all([
    editPhotos(jobs, { url, signal, onLook }),
    editBrokenPhoto({ url, signal }),
  ]);
  broken.set(1, `${refused.state}, as it must be`);
  return [...edited, refused];
}

async function campaign({ recipients, progress, signal }: WorkOptions): Promise<CampaignReport> {
  const bar = progress.bar('letters', recipients.length, 4);
  let [done, failed, retries] = [0, 0, 0];
  return runCampaign(recipients, {
    timeout: '5m',
    interval: '100ms',
    signal,
    onEnding(ending) {
      done++;
      failed += ending.error === null ? 0 : 1;
      retries += ending.retries;
      bar.set(done, `${retries} retries, ${failed} failed`);
    },
  });
}

/** Whoever deletes at once says 0 days. */
async function cleanUpUploads({ folder }: World, { signal }: WorkOptions): Promise<readonly string[]> {
  const result = await cleanUpImages.delay({ folder: join(folder, 'uploads'), olderThanDays: 0 });
  return result.get({ timeout: '1m', signal });
}

async function timed<T>(run: () => Promise<T>): Promise<Timed<T>> {
  const start = performance.now();
  const value = await run();
  return { value, seconds: (performance.now() - start) / 1_000 };
}
