import { describe, expect, test } from 'vitest';
import { startEndpoint } from '../../local/endpoint/start-endpoint.ts';
import { add, greet } from './apps/shop.ts';
import { givenCloud, nowhere, shopFile } from './cloud.ts';
import { createProject } from './project.ts';
import { start, tallo } from './tallo.ts';

const worker = (...args: readonly string[]) => ['worker', ...args, '--app', shopFile];

describe('tallo worker', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('serves all queues until %s, then ends with 0', async (name) => {
    const { env } = await givenCloud({ worker: false });
    const running = start(worker(), { env });
    await running.untilPrinted('ready');

    const sum = await (await add.delay(2, 3)).get({ timeout: '10s' });
    const greeting = await (await greet.delay({ to: 'Ada' })).get({ timeout: '10s' });
    running.signal(name);

    expect([sum, greeting]).toEqual([5, 'Hello Ada']);
    expect(await running.ended).toBe(0);
  });

  test('serves only the queues that it is given', async () => {
    const { env, app } = await givenCloud({ worker: false });
    const waiting = await add.delay(2, 3);
    const running = start(worker('-Q', 'emails', '--json'), { env });

    const ready = JSON.parse(await running.untilPrinted('queues'));
    await (await greet.delay({ to: 'Ada' })).get({ timeout: '10s' });
    running.signal('SIGTERM');

    expect(await running.ended).toBe(0);
    expect(ready).toMatchObject({
      app: 'shop',
      queues: ['emails'],
      tasks: expect.arrayContaining(['math.add']),
    });
    expect(await app.AsyncResult(waiting.id).state()).toBe('PENDING');
    expect(running.stdout().trim().split('\n')).toHaveLength(1);
  });

  test('ends at once if nothing says where the cloud is', async () => {
    const env = { AWS_CONFIG_FILE: '/nowhere', AWS_SHARED_CREDENTIALS_FILE: '/nowhere' };

    const run = await tallo(worker('-Q', 'emails'), { env });

    expect([run.exitCode, run.stdout]).toEqual([4, '']);
    expect(run.stderr).toMatch(/^tallo: Expected to know the region, found none\. Set AWS_ENDPOINT_URL/);
  });

  test('creates what is missing with --provision', async () => {
    const endpoint = await startEndpoint();
    const env = { AWS_ENDPOINT_URL: endpoint.url };
    const running = start(worker('--provision'), { env });
    await running.untilPrinted('ready');

    const call = await tallo(['call', 'math.add', '-a', '[2, 3]', '--wait', '-A', shopFile], { env });
    running.signal('SIGTERM');
    await running.ended;
    await endpoint.stop();

    expect(call.stdout).toBe('5\n');
  });

  test.each([
    ['elsewhere', { AWS_ENDPOINT_URL: 'http://example.com:4566' }, 'http://example.com:4566'],
    ['elsewhere for one service', { ...nowhere, AWS_ENDPOINT_URL_SQS: 'http://sqs.test' }, 'http://sqs.test'],
    ['of AWS itself', {}, 'AWS itself'],
  ])('does not provision at an endpoint %s', async (_where, env, found) => {
    const run = await tallo(worker('--provision'), { env });

    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain(found);
    expect(run.stderr).toContain('Deploy the app there instead');
  });

  test('ends with 4 when it cannot provision', async () => {
    const run = await tallo(worker('--provision'), { env: nowhere });

    expect(run.exitCode).toBe(4);
  });

  test('ends with 2 for a queue that the app does not have', async () => {
    const run = await tallo(worker('-Q', 'fast'), { env: nowhere });

    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain("App 'shop' has no queue 'fast'. Its queues: default, emails.");
  });

  test('finishes what runs at the first signal, and leaves it at the second', async () => {
    const endpoint = await startEndpoint();
    const { folder } = createProject({ 'tasks.ts': endless });
    const options = { cwd: folder, env: { AWS_ENDPOINT_URL: endpoint.url } };
    const running = start(['worker', '--provision'], options);
    await running.untilPrinted('ready');
    await tallo(['call', 'endless'], options);
    await running.untilPrinted('has started');

    running.signal('SIGTERM');
    await running.untilNoted('stopping');
    const nagging = setInterval(() => running.signal('SIGTERM'), 50);
    const exitCode = await running.ended;
    clearInterval(nagging);
    await endpoint.stop();

    expect(exitCode).toBe(143);
  });
});

const endless = `import { Tallo } from 'tallo';
export const app = new Tallo('endless');
app.task('endless', () => {
  console.log('has started');
  return new Promise(() => {});
});`;
