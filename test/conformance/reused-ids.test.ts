import { chain, chord } from 'tallo';
import { describe, expect, test } from 'vitest';
import { world } from './world.ts';

const patience = { timeout: '1h' } as const;

// Celery runs a call again that is made under an id that was used before: here too, whatever follows it must come to its end.
describe('an id that is used twice', () => {
  test('lets what follows the second call follow the end that is there', async () => {
    await using it = world();
    const steps = chain(it.add.s(1, 1).set({ taskId: 'order-7' }), it.add.s(10));

    const first = await (await steps.delay()).get(patience);
    const second = await (await steps.delay()).get(patience);

    expect([first, second]).toEqual([12, 12]);
  });

  test('also after the call was made alone', async () => {
    await using it = world();
    await (await it.add.applyAsync([1, 1], { taskId: 'order-8' })).get(patience);

    const result = await chain(it.add.s(1, 1).set({ taskId: 'order-8' }), it.add.s(10)).delay();

    expect(await result.get(patience)).toBe(12);
  });

  test('ends what follows if the first call has failed', async () => {
    await using it = world();
    const steps = chain(it.fail.si().set({ taskId: 'order-9' }), it.identity.s());

    await expect((await steps.delay()).get(patience)).rejects.toThrow('Task expected to fail');
    await expect((await steps.delay()).get(patience)).rejects.toThrow('Task expected to fail');
  });

  test('may stand in a header twice', async () => {
    await using it = world();
    const same = it.add.s(1, 1).freeze();

    const result = await chord([same, same], it.tsum.s()).delay();

    expect(await result.get(patience)).toBe(4);
  });
});
