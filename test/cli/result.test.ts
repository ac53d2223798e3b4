import { describe, expect, test } from 'vitest';
import { add, fail } from './apps/shop.ts';
import { givenCloud, nowhere, shopFile } from './cloud.ts';
import { tallo } from './tallo.ts';

const result = (...args: readonly string[]) => ['result', ...args, '--app', shopFile];

describe('tallo result', () => {
  test('shows the state and the value', async () => {
    const { env } = await givenCloud();
    const { id } = await add.delay(2, 3);

    const plain = await tallo(result(id, '--wait'), { env });
    const json = await tallo(result(id, '--json'), { env });

    expect(plain).toEqual({ exitCode: 0, stdout: 'SUCCESS\n5\n', stderr: '' });
    expect(JSON.parse(json.stdout)).toEqual({
      id,
      task: 'math.add',
      state: 'SUCCESS',
      result: 5,
      error: null,
      retries: 0,
    });
  });

  test('shows the error of a task that failed, and ends with 1', async () => {
    const { env } = await givenCloud();
    const { id } = await fail.delay('no tea');

    const plain = await tallo(result(id, '--wait', '20s'), { env });
    const json = await tallo(result(id, '--json'), { env });

    expect(plain).toEqual({ exitCode: 1, stdout: 'FAILURE\nRangeError: no tea\n', stderr: '' });
    expect(json.exitCode).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      state: 'FAILURE',
      error: { name: 'RangeError', message: 'no tea' },
    });
  });

  test('shows the traceback when asked to', async () => {
    const { env } = await givenCloud();
    const failed = await fail.delay('no tea');
    await failed.get({ propagate: false, timeout: '10s' });

    const plain = await tallo(result(failed.id, '--traceback'), { env });
    const json = await tallo(result(failed.id, '--traceback', '--json'), { env });

    expect(plain.stdout).toMatch(/^FAILURE\nRangeError: no tea\n\s+at .*shop\.ts/);
    expect(JSON.parse(json.stdout)).toMatchObject({ traceback: expect.stringContaining('shop.ts') });
  });

  test('ends with 3 as long as the task is pending', async () => {
    const { env } = await givenCloud({ worker: false });
    const { id } = await add.delay(2, 3);

    const plain = await tallo(result(id), { env });
    const waited = await tallo(result(id, '--wait', '0.1'), { env });

    expect(plain).toEqual({ exitCode: 3, stdout: 'PENDING\n', stderr: '' });
    expect(waited).toMatchObject({ exitCode: 3, stdout: '' });
    expect(waited.stderr).toMatch(/^tallo: Task \S+ was not ready within 0.1/);
  });

  test('ends with 4 when the cloud cannot be reached', async () => {
    const run = await tallo(result('some-id', '--json'), { env: nowhere });

    expect(run.exitCode).toBe(4);
    expect(JSON.parse(run.stdout)).toMatchObject({
      error: {
        code: 'OPERATIONAL',
        message: expect.stringMatching(/could not be reached.*ECONNREFUSED.*tallo dev/),
      },
    });
  });

  test('says what to set when it does not know where the cloud is', async () => {
    const { exitCode, stderr } = await tallo(result('some-id'), {
      env: { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' },
    });

    expect(exitCode).toBe(4);
    expect(stderr).toContain('Set AWS_ENDPOINT_URL');
  });

  test('ends with 2 when the table is missing', async () => {
    const { startEndpoint } = await import('../../local/endpoint/start-endpoint.ts');
    const endpoint = await startEndpoint();

    const run = await tallo(result('some-id'), { env: { AWS_ENDPOINT_URL: endpoint.url } });
    await endpoint.stop();

    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("tallo: Expected a table named 'shop-tasks'");
  });
});
