import { silentLogger, Tallo } from 'tallo';
import { type LocalCloud, startLocalCloud } from 'tallo/local';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { badMessages } from '../consumer/bad-input.ts';

const app = new Tallo('bad');
const greet = app.task(
  'greet',
  { args: z.tuple([z.object({ name: z.string() })]) },
  ({ name }) => `Hello ${name}`,
);
let cloud: LocalCloud;

beforeAll(async () => {
  cloud = await startLocalCloud(app, { log: silentLogger });
});

afterAll(() => cloud.stop());

test.each(badMessages)(
  '$what: is explained in the dead-letter queue, and its batch mates are unharmed, over the real protocols',
  async (bad) => {
    const { queues } = (await app.connection()).cloud;
    const mates = await Promise.all([1, 2, 3].map((i) => greet.delay({ name: `mate ${i}` })));
    await queues.send('bad-default', [{ body: bad.body }]);

    const letters = await queues.receive('bad-default-dlq', { max: 10, waitSeconds: 20 });
    await queues.delete(
      'bad-default-dlq',
      letters.map(({ handle }) => handle),
    );

    expect(letters).toHaveLength(1);
    expect(letters[0]?.body).toBe(bad.body);
    expect(letters[0]?.attributes).toMatchObject({
      'tallo-reason': bad.reason,
      'tallo-error': expect.stringMatching(bad.error),
      'tallo-time': expect.stringMatching(/^\d{4}-/),
    });
    expect(await Promise.all(mates.map((mate) => mate.get({ timeout: '20s' })))).toEqual([
      'Hello mate 1',
      'Hello mate 2',
      'Hello mate 3',
    ]);
    if (bad.taskId)
      await expect(app.AsyncResult(bad.taskId).get({ timeout: '20s' })).rejects.toThrow(bad.error);
  },
);
