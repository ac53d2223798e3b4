import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { startLocalCloud } from 'tallo/local';
import { describe, expect, onTestFinished, test } from 'vitest';
import { silentLogger } from '../../sdk/index.ts';
import { app, shrink } from './apps/videos.ts';
import { type StagedImage, stagedImage } from './staged-image.ts';

/** The instruction of the Dockerfile, as Docker would read it. */
function entrypoint({ dockerfile }: StagedImage): readonly string[] {
  return JSON.parse(/^ENTRYPOINT (\[.*\])$/m.exec(dockerfile)?.[1] ?? '[]');
}

/** Starts what the container would, with nothing around it: not this repository's folder, none of its packages. */
function startContainer(image: StagedImage, args: readonly string[], url: string) {
  const [, ...command] = entrypoint(image);
  const child = spawn(process.execPath, [...command, ...args], {
    cwd: image.folder,
    env: { AWS_ENDPOINT_URL: url, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.stderr += text;
  });
  const ended = once(child, 'close').then(([exitCode]: unknown[]) => exitCode);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { said, ended, child };
}

async function givenCloud() {
  const cloud = await startLocalCloud(app, { worker: false, log: silentLogger });
  onTestFinished(() => cloud.stop());
  return cloud;
}

describe('the image that is made of an app', () => {
  test('runs its tasks; asked to stop, it lets what runs come to its end and exits with 0', async () => {
    const image = stagedImage();
    const { url } = await givenCloud();
    const { said, ended, child } = startContainer(image, ['-Q', 'videos'], url);

    const first = await shrink.delay('holiday.mov');
    expect(await first.get({ timeout: '20s' })).toBe('holiday.mov, smaller');
    const second = await shrink.delay('garden.mov');
    await expect.poll(() => second.state(), { timeout: 10_000 }).toBe('SHRINKING');
    child.kill('SIGTERM');

    expect(await ended, said.stderr).toBe(0);
    expect(await second.get({ timeout: '5s' })).toBe('garden.mov, smaller');
    expect(JSON.parse(said.stdout)).toMatchObject({
      app: 'studio',
      queues: ['videos'],
      tasks: ['videos.shrink'],
    });
  });

  test('says in JSON what is wrong with its command, and exits with the code of tallo worker', async () => {
    const { said, ended } = startContainer(stagedImage(), ['-Q', 'films'], 'http://127.0.0.1:1');

    expect(await ended).toBe(2);
    expect(JSON.parse(said.stdout).error.message).toContain("has no queue 'films'. Its queues: videos");
  });

  test('holds one program, its source map and how to build it', () => {
    const { folder } = stagedImage();

    expect(readdirSync(folder).toSorted()).toEqual(['Dockerfile', 'index.mjs', 'index.mjs.map']);
    // Endpoints of laptops have no place in it.
    const sources: readonly string[] = JSON.parse(readFileSync(join(folder, 'index.mjs.map'), 'utf8')).sources;
    expect(sources.filter((source) => /node_modules\/(dynalite|fauxqs|chokidar)\//.test(source))).toEqual([]);
  });

  test('has the same hash each time, and another one with other code', () => {
    const hashes = [stagedImage(), stagedImage(), stagedImage({ bundling: { define: { DEBUG: '1' }, banner: '// other' } })].map(
      ({ hash }) => hash,
    );

    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).not.toBe(hashes[0]);
  });

  test('has packages that cannot be bundled, for its own processor', () => {
    const image = stagedImage({ bundling: { nodeModules: ['sharp'] } });

    const installed = readdirSync(join(image.folder, 'node_modules', '@img'));
    expect(image.platform).toBe('linux/arm64');
    expect(installed).toContain('sharp-linux-arm64');
    expect(installed.filter((name) => name.endsWith('x64'))).toEqual([]);
  });

  test('is for Intel and AMD where functions are', () => {
    expect(stagedImage({ architecture: Architecture.X86_64 }).platform).toBe('linux/amd64');
  });
});

test('the Dockerfile runs no program while it is built, and no shell between the signal and Node', () => {
  const image = stagedImage();
  const instructions = image.dockerfile.trim().split('\n').map((line) => line.split(' ')[0]);

  expect(instructions).toEqual(['FROM', 'WORKDIR', 'COPY', 'VOLUME', 'USER', 'ENTRYPOINT']);
  expect(image.dockerfile).toContain('USER node');
  expect(entrypoint(image)).toEqual(['node', '--enable-source-maps', 'index.mjs']);
});
