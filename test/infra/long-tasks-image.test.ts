import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { startLocalCloud } from 'tallo/local';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { silentLogger } from '../../sdk/index.ts';
import { app, shrink } from './apps/videos.ts';
import { removeStaged, type StagedImage, stagedImage } from './staged-image.ts';

/** The instruction of the Dockerfile, as Docker would read it. */
function entrypoint(): readonly string[] {
  return JSON.parse(/^ENTRYPOINT (\[.*\])$/m.exec(image.dockerfile)?.[1] ?? '[]');
}

/** Starts what the container would, with nothing around it: not this repository's folder, none of its packages. */
function startContainer(args: readonly string[], environment: Readonly<Record<string, string>>) {
  const [, ...command] = entrypoint();
  const child = spawn(process.execPath, [...command, ...args], {
    cwd: image.folder,
    env: {
      ...environment,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
    },
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

/** What is beside a container of ECS; it notes what it is asked. */
async function givenAgent() {
  const asked: string[] = [];
  const agent = createServer(async (request, response) => {
    const { ProtectionEnabled } = JSON.parse(await text(request));
    asked.push(`${request.method} ${request.url} ${ProtectionEnabled}`);
    response.end(JSON.stringify({ protection: { ProtectionEnabled } }));
  }).listen(0, '127.0.0.1');
  await once(agent, 'listening');
  onTestFinished(() => void agent.close());
  const { port } = agent.address() as AddressInfo;
  return { asked, url: `http://127.0.0.1:${port}/api/container` };
}

let image: StagedImage;
beforeAll(() => {
  image = stagedImage();
}, 60_000);
afterAll(removeStaged);

describe('the image that is made of an app', () => {
  test('runs its tasks; asked to stop, it lets what runs come to its end and exits with 0', async () => {
    const { url } = await givenCloud();
    const agent = await givenAgent();
    const env = { AWS_ENDPOINT_URL: url, ECS_AGENT_URI: agent.url };
    const { said, ended, child } = startContainer(['-Q', 'videos'], env);

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
    // ECS is asked not to stop it.
    expect(agent.asked[0]).toBe('PUT /api/container/task-protection/v1/state true');
  });

  test('says in JSON what is wrong with its command, and exits with the code of tallo worker', async () => {
    const { said, ended } = startContainer(['-Q', 'films'], { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });

    expect(await ended).toBe(2);
    expect(JSON.parse(said.stdout).error.message).toContain("has no queue 'films'. Its queues: videos");
  });

  test('holds one program, its source map and how to build it', () => {
    const map: { readonly sources: readonly string[] } = JSON.parse(
      readFileSync(join(image.folder, 'index.mjs.map'), 'utf8'),
    );

    expect(readdirSync(image.folder).toSorted()).toEqual(['Dockerfile', 'index.mjs', 'index.mjs.map']);
    // Endpoints of laptops have no place in it.
    expect(
      map.sources.filter((source) => /\/(dynalite|fauxqs|chokidar|local\/endpoint)\//.test(source)),
    ).toEqual([]);
  });

  test('has the same hash each time, and another one with other code', () => {
    expect(stagedImage().hash).toBe(image.hash);
    expect(stagedImage({ bundling: { banner: '// other' } }).hash).not.toBe(image.hash);
  });

  test('has packages that cannot be bundled, for its own processor', () => {
    const { folder, platform } = stagedImage({ bundling: { nodeModules: ['sharp'] } });

    const installed = readdirSync(join(folder, 'node_modules', '@img'));
    expect(platform).toBe('linux/arm64');
    expect(installed).toContain('sharp-linux-arm64');
    expect(installed.filter((name) => name.endsWith('x64'))).toEqual([]);
  });

  test('is for Intel and AMD where functions are', () => {
    expect(stagedImage({ architecture: Architecture.X86_64 }).platform).toBe('linux/amd64');
  });

  test('is built without running a program, and has no shell between a signal and Node', () => {
    const lines = image.dockerfile.trim().split('\n');

    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      'FROM',
      'WORKDIR',
      'COPY',
      'VOLUME',
      'USER',
      'ENTRYPOINT',
    ]);
    expect(lines).toContain('USER node');
    expect(entrypoint()).toEqual(['node', '--enable-source-maps', 'index.mjs']);
  });
});
