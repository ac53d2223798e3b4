import { describe, expect, test } from 'vitest';
import { add } from './apps/shop.ts';
import { givenCloud, nowhere, shopFile } from './cloud.ts';
import { tallo } from './tallo.ts';

const revoke = (...args: readonly string[]) => ['revoke', ...args, '--app', shopFile];

describe('tallo revoke', () => {
  test('revokes calls, so that they never run', async () => {
    const { env } = await givenCloud();
    const calls = await Promise.all([1, 2].map((n) => add.applyAsync([n, n], { countdown: '30d' })));
    const [one, other] = calls.map(({ id }) => id);

    const plain = await tallo(revoke(`${one}`), { env });
    const json = await tallo(revoke(`${other}`, 'unknown', '--terminate', '--json'), { env });

    expect(plain).toEqual({
      exitCode: 0,
      stdout: 'The call is revoked. Workers learn of it within a second.\n',
      stderr: '',
    });
    expect(json).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(json.stdout)).toEqual({ revoked: [other, 'unknown'], terminate: true });
    for (const call of calls) {
      await expect(call.get({ timeout: '10s' })).rejects.toMatchObject({ code: 'REVOKED' });
    }
  });

  test('ends with 2 without an id', async () => {
    const run = await tallo(revoke(), { env: nowhere });

    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain("tallo: missing required argument 'id'");
  });

  test('ends with 4 when the cloud cannot be reached', async () => {
    const run = await tallo(revoke('some-id', '--json'), { env: nowhere });

    expect(run.exitCode).toBe(4);
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'OPERATIONAL' } });
  });
});
