import { expect, test } from 'vitest';
import { dying, dyingAfterRow, world } from './world.ts';

test.each([{}, { taskId: 'chosen' }])(
  'a call whose sender died when it had gone out is not run again when it has failed since (%j)',
  async (options) => {
    let runs = 0;
    await using it = world((app) => {
      app.task('pay', () => {
        runs += 1;
        throw new RangeError('no money');
      });
    });
    const call = (app = it.app) => app.sendTask('pay', [], { idempotencyKey: 'order-1', ...options });
    const mortal = dying(it.cloud);
    const queues = {
      ...mortal.queues,
      send: async (...given: Parameters<typeof mortal.queues.send>) => {
        const answers = await mortal.queues.send(...given);
        mortal.die();
        return answers;
      },
    };
    void call(it.caller({ table: mortal.table, queues }));
    await it.cloud.advance('1h');

    const second = await call();
    await it.cloud.untilIdle();

    await expect(second.get()).rejects.toThrow('no money');
    expect(runs).toBe(1);
  },
);

test('a call under an id that failed long ago is sent all the same when its first sender has died', async () => {
  let runs = 0;
  await using it = world((app) => {
    app.task('pay', () => {
      runs += 1;
      if (runs === 1) throw new RangeError('no money');
    });
  });
  await it.app.sendTask('pay', [], { taskId: 'same' });
  await it.cloud.advance('1h');
  const options = { taskId: 'same', idempotencyKey: 'order-1' };
  void it.caller(dyingAfterRow(it.cloud)).sendTask('pay', [], options);
  await it.cloud.advance('1m');

  await it.app.sendTask('pay', [], options);
  await it.cloud.untilIdle();

  expect(runs).toBe(2);
});
