import { type AnySignature, chain, chord, group } from 'tallo';
import { describe, expect, test } from 'vitest';
import { type Anything, expectedException, outcomeOf, times, type World, world } from './world.ts';

// The numbers are the lines of the list of what real Celery gives.

const failing: Record<string, (it: World) => AnySignature> = {
  'a task': (it) => it.fail.si(),
  'a chain': (it) => chain(it.identity.si(42), it.fail.s(), it.identity.si(42)),
  'the tail of a chain': (it) => chain(it.identity.si(42), it.fail.s()),
  'a group': (it) => group(it.identity.si(42), it.fail.si()),
};

function inHeader(it: World, kind: string): Anything {
  return chord([made(it, kind)], it.identity.s());
}

function asBody(it: World, kind: string): Anything {
  return chord([it.identity.si(42)], made(it, kind));
}

function made(it: World, kind: string): Anything {
  const make = failing[kind];
  if (!make) throw new Error(`nothing fails as ${kind}`);
  return make(it);
}

/** Waits for the end of a chord that fails. */
async function fails(it: World, workflow: Anything) {
  await expect(outcomeOf(workflow)).rejects.toMatchObject(expectedException);
  await it.cloud.untilIdle();
}

const kinds: [line: number, kind: string][] = [
  [125, 'a task'],
  [130, 'a chain'],
  [134, 'the tail of a chain'],
  [137, 'a group'],
];

describe('an error callback that takes no argument', () => {
  test.each(kinds)('%i: is called once if %s of the header fails', async (_line, kind) => {
    await using it = world();

    await fails(it, inHeader(it, kind).linkError(it.echo.si('M')));

    expect(it.messages).toEqual(['M']);
  });

  test.each(kinds)('%i: is called once if %s, which is the body, fails', async (_line, kind) => {
    await using it = world();

    await fails(it, asBody(it, kind).linkError(it.echo.si('M')));

    expect(it.messages).toEqual(['M']);
  });

  const many = (it: World) => [...times(24, () => it.identity.si(42)), ...times(42, () => it.fail.si())];

  test('139: is called once if many of the header fail', async () => {
    await using it = world();

    await fails(it, chord([group(many(it))], it.identity.s()).linkError(it.count.si('n')));

    expect(it.counts.get('n')).toBe(1);
  });

  test('140: is called for each that fails of a body that is a group', async () => {
    await using it = world();

    await fails(it, chord([it.identity.si(42)], group(many(it))).linkError(it.count.si('n')));

    expect(it.counts.get('n')).toBe(42);
  });

  test.each(['old', 'new'])('142: so is one of the %s style, with the id of each', async (style) => {
    await using it = world();
    const workflow = chord([it.identity.si(42)], group(many(it))).linkError(errback(it, style));

    const result: Anything = await workflow.delay();

    await expect(result.get({ timeout: '1h' })).rejects.toMatchObject(expectedException);
    await it.cloud.untilIdle();
    const ids = result.results.slice(24).map(({ id }: { id: string }) => id);
    expect([...it.counts].sort()).toEqual(ids.map((id: string) => [id, 1]).sort());
  });
});

/** One of the old style takes the id of what failed; one of the new style takes the request, the error and the traceback. */
function errback(it: World, style: string): AnySignature {
  return style === 'old' ? it.errbackOldStyle.s() : it.app.signature('errback_new_style');
}

describe.each(['old', 'new'])('an error callback of the %s style', (style) => {
  test.each([
    [126, 'a task'],
    [131, 'a chain'],
  ])('%i: is told of the body if %s of the header fails', async (_line, kind) => {
    await using it = world();
    const workflow = inHeader(it, kind).linkError(errback(it, style)).freeze();

    await fails(it, workflow);

    expect([...it.counts]).toEqual([[workflow.body.id, 1]]);
  });

  test('127: is told of the body if that fails', async () => {
    await using it = world();
    const workflow = asBody(it, 'a task').linkError(errback(it, style)).freeze();

    await fails(it, workflow);

    expect([...it.counts]).toEqual([[workflow.body.id, 1]]);
  });
});

type Header = readonly ('ok' | 'fail')[];

const one: Header = ['fail'];
const several: Header[] = [
  ['fail', 'ok'],
  ['ok', 'fail'],
  ['fail', 'fail'],
  ['fail', 'fail', 'ok'],
  ['ok', 'fail', 'fail'],
  ['ok', 'fail', 'ok'],
];

function headerOf(it: World, members: Header) {
  return members.map((member) => (member === 'ok' ? it.identity.si(1) : it.fail.si()));
}

const failed = (members: Header) => members.filter((member) => member === 'fail').length;

describe('an error callback of a chord', () => {
  test('149: is called once where a chord in its header fails', async () => {
    await using it = world();
    const { identity, fail, echo } = it;
    const inner = chord([identity.si('t1'), fail.si()], identity.si('t2'));

    await fails(it, chord(group(identity.si('t3'), inner), echo.si('body')).linkError(echo.si('E')));

    expect(it.messages).toEqual(['E']);
  });

  test.each([one, ...several])(
    '150: is called for each failed member and the body if the app wants it: %s',
    async (...members) => {
      await using it = world({}, { taskAllowErrorCbOnChordHeader: true });

      await fails(it, chord(headerOf(it, members), it.echo.si('body')).linkError(it.echo.si('E')));

      expect(it.messages).toEqual(times(failed(members) + 1, () => 'E'));
    },
  );

  test.each([one, ...several])('151: is called once, and the body is not: %s', async (...members) => {
    await using it = world();

    await fails(it, chord(headerOf(it, members), it.echo.si('body')).linkError(it.echo.si('E')));

    expect(it.messages).toEqual(['E']);
  });

  test.each(several)(
    '152: is called for each and the body also where a group became one: %s',
    async (...members) => {
      await using it = world({}, { taskAllowErrorCbOnChordHeader: true });
      const workflow = chain(group(headerOf(it, members)), it.echo.si('body'));

      await fails(it, workflow.linkError(it.echo.si('E')));

      expect(it.messages).toEqual(times(failed(members) + 1, () => 'E'));
    },
  );
});
