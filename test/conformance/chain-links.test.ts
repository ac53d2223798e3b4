import { chain } from 'tallo';
import { describe, expect, test } from 'vitest';
import { patience, stage, valueFrom } from './stage.ts';
import { expectedException, times } from './world.ts';

const deliberate = new Error('deliberate error');

describe('callbacks and error callbacks of a chain', () => {
  test('37: flattening keeps the links of an inner chain', async () => {
    await using s = stage();
    const linked = chain(s.identity.s('a'), s.add.s('b')).link(s.echo.si('linked'));
    const inner = linked.linkError(s.echo.si('failed'));

    expect(await valueFrom(chain(inner, s.add.s('c')))).toBe('abc');

    await s.cloud.untilIdle();
    expect(s.messages).toEqual(['linked']);
  });

  test('40: children with callbacks', async () => {
    await using s = stage();
    const child = s.identity.si(1337).link(s.count.si('linked'));

    expect(await valueFrom(chain(times(42, () => child)))).toBe(1337);

    await s.cloud.untilIdle();
    expect(s.counts).toEqual(new Map([['linked', 42]]));
  });

  test('41: children with error callbacks: that of the one that failed is called', async () => {
    await using s = stage();
    const child = s.fail.si().linkError(s.count.si('failed'));
    const children = chain(times(42, () => child));

    await expect(valueFrom(children)).rejects.toMatchObject(expectedException);

    await s.cloud.untilIdle();
    expect(s.counts).toEqual(new Map([['failed', 1]]));
  });
});

describe('a step that is replaced', () => {
  test('34: by a chain with a callback', async () => {
    await using s = stage();
    const replaced = s.replaceWithChainAndEcho.s('Internal chain callback');
    const steps = chain(s.identity.s('Hello '), replaced, s.add.s('world'));

    expect(await valueFrom(steps)).toBe('Hello world');

    await s.cloud.untilIdle();
    expect(s.messages).toEqual(['Internal chain callback']);
  });

  test('35: by a chain that raises, with an error callback', async () => {
    await using s = stage();
    const replaced = s.replaceWithRaisingChainAndEcho.s('Internal chain errback');
    const steps = chain(s.identity.s('Hello '), replaced, s.add.s(' will never be seen'));

    await expect(valueFrom(steps)).rejects.toThrow(deliberate);

    await s.cloud.untilIdle();
    expect(s.messages).toEqual(['Internal chain errback']);
  });

  test('38: by such a chain, in a chain that has an error callback itself', async () => {
    await using s = stage();
    const replaced = s.replaceWithRaisingChainAndEcho.s('inner');
    const steps = chain(s.identity.s('Hello '), replaced, s.add.s(' will never be seen'));

    await expect(valueFrom(steps.linkError(s.echo.si('outer')))).rejects.toThrow(deliberate);

    await s.cloud.untilIdle();
    expect(s.messages.toSorted()).toEqual(['inner', 'outer']);
  });

  test('43: before one that fails, with an error callback on the chain', async () => {
    await using s = stage();
    const steps = chain(s.addReplaced.si(42, 1337), s.fail.s()).linkError(s.count.si('failed'));

    await expect(valueFrom(steps)).rejects.toMatchObject(expectedException);

    await s.cloud.untilIdle();
    expect(s.counts).toEqual(new Map([['failed', 1]]));
  });

  test('44: with a callback', async () => {
    await using s = stage();
    const child = s.addReplaced.si(42, 1337).link(s.count.si('linked'));

    expect(await valueFrom(chain(child, s.identity.s()))).toBe(1379);

    await s.cloud.untilIdle();
    expect(s.counts).toEqual(new Map([['linked', 1]]));
  });

  test('46: by a chain, alone', async () => {
    await using s = stage();

    expect(await valueFrom(s.replaceWithChain.si(42))).toBe(42);
    const result = await s.replaceWithChain.delay(42);

    expect(await result.get(patience)).toBe(42);
  });

  test('47: by a chain, as the first step', async () => {
    await using s = stage();

    expect(await valueFrom(chain(s.replaceWithChain.si(42), s.identity.s()))).toBe(42);
  });

  test('47: by a chain, in the middle', async () => {
    await using s = stage();
    const steps = chain(s.identity.s(42), s.replaceWithChain.s(), s.identity.s());

    expect(await valueFrom(steps)).toBe(42);
  });

  test('49: by a chain, as the last step', async () => {
    await using s = stage();

    expect(await valueFrom(chain(s.identity.s(42), s.replaceWithChain.s()))).toBe(42);
  });
});
