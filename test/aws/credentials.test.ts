import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { findCredentials } from '../../sdk/aws/credentials/find-credentials.ts';
import { findRegion } from '../../sdk/aws/credentials/find-region.ts';
import { signedRequests } from '../../sdk/aws/http/signed-requests.ts';
import { ConfigurationError } from '../../sdk/errors/index.ts';
import { systemChance } from '../../sdk/ports/chance.ts';
import { answering, ask, moodyServer, quickClock, refusing } from './moody-server.ts';

const machine = { clock: quickClock(), chance: systemChance };
const keys = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };
const answer = {
  AccessKeyId: 'key',
  SecretAccessKey: 'secret',
  Token: 'token',
  Expiration: '2030-01-01T00:00:00Z',
};

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallo-credentials-'));
  await writeFile(
    join(folder, 'credentials'),
    '[work]\naws_access_key_id = of-work\naws_secret_access_key = secret\n',
  );
  await writeFile(
    join(folder, 'config'),
    '# comment\n[default]\nregion=eu-west-1 ; mine\n\n[profile work]\noutput = json\nregion = ap-southeast-2\n[profile none]\n[sso-session x]\nregion = no\n',
  );
});

afterAll(() => rm(folder, { recursive: true }));

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined);
  // Nor of a machine in AWS that runs these tests.
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
});

afterEach(() => void vi.unstubAllEnvs());

describe('credentials', () => {
  test('are those of the environment', async () => {
    expect(await findCredentials(machine, keys)).toEqual({ accessKeyId: 'key', secretAccessKey: 'secret' });
    expect(await findCredentials(machine, { ...keys, AWS_SESSION_TOKEN: 'token' })).toMatchObject({
      sessionToken: 'token',
    });
  });

  test('are those of the profile that is named, whatever else there is', async () => {
    vi.stubEnv('AWS_PROFILE', 'work');

    expect(await findCredentials(machine, process.env)).toMatchObject({ accessKeyId: 'of-work' });
    expect(
      await findCredentials(machine, {
        ...process.env,
        AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:1',
      }),
    ).toMatchObject({
      accessKeyId: 'of-work',
    });
  });

  test('that are nowhere are missed with advice', async () => {
    vi.stubEnv('AWS_PROFILE', 'nobody');

    await expect(findCredentials(machine, process.env)).rejects.toMatchObject({
      name: 'CredentialsError',
      message: expect.stringMatching(
        /^Expected credentials for AWS, found none that work in the profile 'nobody': .*Set AWS_ENDPOINT_URL, .* AWS_PROFILE/s,
      ),
    });
  });
});

describe('the credentials of a container', () => {
  const at = (url: string, more = {}) =>
    findCredentials(machine, { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/v1/credentials?a=b`, ...more });

  test('are asked for with its token', async () => {
    await using server = await moodyServer(answering(200, answer));
    await writeFile(join(folder, 'token'), 'from the file\n');

    const found = await at(server.url, { AWS_CONTAINER_AUTHORIZATION_TOKEN: 'given' });
    await at(server.url, { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: join(folder, 'token') });

    expect(found).toEqual({
      accessKeyId: 'key',
      secretAccessKey: 'secret',
      sessionToken: 'token',
      expiresAt: Date.UTC(2030, 0),
    });
    expect(server.arrived.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/v1/credentials?a=b', 'given'],
      ['/v1/credentials?a=b', 'from the file'],
    ]);
  });

  test('come at the second attempt, if the agent was not ready', async () => {
    await using server = await moodyServer(answering(500, ''), answering(200, answer));

    expect(await at(server.url)).toMatchObject({ accessKeyId: 'key' });
  });

  test.for([
    [
      'refused',
      answering(403, { code: 'AccessDenied', message: 'no role' }),
      /got: no role\. Check the role/,
    ],
    ['without keys', answering(200, {}), /an answer without keys/],
    ['damaged', answering(200, '{"SecretAccessKey":wJalrXUt'), /got: an answer that is no JSON\./],
  ] as const)('that are %s are missed with advice', async ([, mood, message]) => {
    await using server = await moodyServer(mood);

    await expect(at(server.url)).rejects.toMatchObject({
      name: 'CredentialsError',
      message: expect.stringMatching(message),
    });
    expect(server.arrived.length).toBe(1);
  });

  test.for([
    'http://example.com/',
    'http://169.254.170.3/',
    'ftp://localhost/',
    'nonsense',
    'http://localhost.evil.com/',
  ])('never travel from %s', async (AWS_CONTAINER_CREDENTIALS_FULL_URI) => {
    const found = findCredentials(machine, { AWS_CONTAINER_CREDENTIALS_FULL_URI });

    await expect(found).rejects.toThrow(ConfigurationError);
  });
});

test.for([
  ['are replaced, and the request is sent once more', ['key', 'new']],
  ['and that have no successors are not tried again', ['key']],
] as const)('credentials that a service calls ended %s', async ([, used]) => {
  const answers = used.map((AccessKeyId) => answering(200, { ...answer, AccessKeyId }));
  await using container = await moodyServer(...answers);
  await using server = await moodyServer(refusing(403, 'ExpiredToken'), answering(200, {}));
  vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', container.url);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_WEB_IDENTITY_TOKEN_FILE', undefined);
  // Neither a profile nor harmless ones: as on AWS, at an endpoint that only looks foreign.
  const requests = signedRequests({ service: 's3', endpoint: server.url });

  const outcome = await requests.send(ask).catch((error: Error) => error);

  expect(outcome).toMatchObject(used.length === 2 ? { status: 200 } : { name: 'ExpiredToken' });
  expect(
    server.arrived.map(({ headers }) => /Credential=(\w+)/.exec(headers.authorization ?? '')?.[1]),
  ).toEqual(used);
  await requests.close();
});

test('the path of a container’s credentials is no other host', async () => {
  const AWS_CONTAINER_CREDENTIALS_RELATIVE_URI = '@example.com/';
  const found = findCredentials(machine, { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI });

  await expect(found).rejects.toThrow(/^Expected AWS_CONTAINER_CREDENTIALS_RELATIVE_URI to be a path/);
});

describe('the region', () => {
  test('is AWS_REGION, or that of the profile', async () => {
    expect(await findRegion({ ...process.env, AWS_REGION: 'us-east-2' })).toBe('us-east-2');
    expect(await findRegion(process.env)).toBe('eu-west-1');
    expect(await findRegion({ ...process.env, AWS_PROFILE: 'work' })).toBe('ap-southeast-2');
  });

  test('that is nowhere is missed with advice', async () => {
    await expect(findRegion({ ...process.env, AWS_PROFILE: 'none' })).rejects.toThrow(
      /Expected to know the region, found none\. Set AWS_ENDPOINT_URL, .* AWS_REGION/,
    );
    const nowhere = { AWS_CONFIG_FILE: '/nowhere', AWS_SHARED_CREDENTIALS_FILE: '/nowhere' };
    await expect(findRegion(nowhere)).rejects.toMatchObject({ name: 'RegionError' });
    await expect(findRegion({ ...nowhere, AWS_DEFAULT_REGION: 'us-east-1' })).rejects.toThrow(
      / AWS_DEFAULT_REGION is not read: use AWS_REGION\.$/,
    );
  });
});

test('a bundle needs no package beside it for the keys of its environment, and says which one a profile takes', async () => {
  const program = join(folder, 'bundle.mjs');
  const contents = `
    import { findCredentials } from './sdk/aws/credentials/find-credentials.ts';
    console.log(await findCredentials({}).then(({ accessKeyId }) => accessKeyId, (error) => error.message));
  `;
  const stdin = { contents, resolveDir: process.cwd() };
  await build({ stdin, bundle: true, platform: 'node', format: 'esm', outfile: program });
  const run = async (env: Record<string, string>) =>
    (await promisify(execFile)(process.execPath, [program], { cwd: folder, env })).stdout.trim();

  expect(await run(keys)).toBe('key');
  expect(await run({ AWS_PROFILE: 'work' })).toMatch(
    /Install it: npm install @aws-sdk\/credential-provider-node$/,
  );
});
