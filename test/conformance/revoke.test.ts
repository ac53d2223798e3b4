import { type StampingVisitor, silentLogger } from 'tallo';
import { consumer } from 'tallo/functions';
import { describe, expect, test } from 'vitest';
import { patience, stage } from './stage.ts';

/** What is said of a result that was revoked. */
async function verdictOn(result: {
  state(): Promise<string>;
  ready(): Promise<boolean>;
  failed(): Promise<boolean>;
  successful(): Promise<boolean>;
}) {
  return [await result.state(), await result.ready(), await result.failed(), await result.successful()];
}

const revoked = { name: 'TaskRevokedError', message: 'revoked' };
const monitoring: StampingVisitor = { onSignature: () => ({ monitoring_id: 'T' }) };

describe('revoke', () => {
  test('190: a call that waits in its queue', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    await using s = stage(
      {},
      {
        handler: async (event, context) => {
          await released;
          return consumer(s.app, { log: silentLogger })(event, context);
        },
      },
    );
    const result = await s.add.delay(1, 1);

    await result.revoke();
    release();

    await expect(result.get(patience)).rejects.toMatchObject(revoked);
    expect(await verdictOn(result)).toEqual(['REVOKED', true, false, false]);
  });

  test.each(['T', ['T'], ['U', 'T']])('191: by a stamp, before the call is made: %j', async (value) => {
    await using s = stage();

    await s.app.control.revokeByStampedHeaders({ monitoring_id: value });
    const result = await s.add.si(1, 1).stamp(monitoring).delay();

    await expect(result.get(patience)).rejects.toMatchObject(revoked);
    expect(await verdictOn(result)).toEqual(['REVOKED', true, false, false]);
  });

  test.each(['U', 4242, null])('191: by a stamp of another value: %j', async (value) => {
    await using s = stage();

    await s.app.control.revokeByStampedHeaders({ monitoring_id: [value] });
    const result = await s.add.si(1, 1).stamp(monitoring).delay();

    expect(await result.get(patience)).toBe(2);
    expect(await verdictOn(result)).toEqual(['SUCCESS', true, false, true]);
  });

  test('193: by a header that no call bears; there is no worker that could reply, and no reply', async () => {
    await using s = stage();

    const reply = await s.app.control.revokeByStampedHeaders({ myheader: ['myvalue'] });
    const result = await s.add.si(1, 1).stamp(monitoring).delay();

    expect(reply).toBeUndefined();
    expect(await result.get(patience)).toBe(2);
  });
});
