import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import type { FunctionSettings } from 'tallo/infra';
import { app } from './apps/videos.ts';
import { deployed } from './stacks.ts';

const entry = fileURLToPath(new URL('apps/videos.ts', import.meta.url));

interface DockerAsset {
  readonly source: { readonly directory: string; readonly platform: string };
}

/** What Docker would build an image of. */
export interface StagedImage {
  readonly hash: string;
  readonly folder: string;
  readonly platform: string;
  readonly dockerfile: string;
}

const folders: string[] = [];

/** For the end of all tests. */
export function removeStaged(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}

/** Synthesises an app with a queue on Fargate, bundled for real, and answers what the deployment would hand to Docker. */
export function stagedImage(functions: FunctionSettings = {}): StagedImage {
  const outdir = mkdtempSync(join(tmpdir(), 'tallo-image-'));
  folders.push(outdir);
  deployed({ cdk: new App({ outdir }), app, entry, functions }).cdk.synth();
  const { dockerImages } = JSON.parse(readFileSync(join(outdir, 'Store.assets.json'), 'utf8'));
  const [[hash, image] = []] = Object.entries<DockerAsset>(dockerImages);
  if (hash === undefined || image === undefined) throw new Error('The deployment has no image.');
  const { directory, platform } = image.source;
  const folder = join(outdir, directory);
  return { hash, folder, platform, dockerfile: readFileSync(join(folder, 'Dockerfile'), 'utf8') };
}
