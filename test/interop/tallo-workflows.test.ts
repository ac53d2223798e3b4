import { type AnySignature, chain, chord, group, type Signature } from 'tallo';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { app, mul } from './app.ts';
import { readJournal } from './journal.ts';
import { startWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld(app, { tallo: ['default'], celery: ['python'] });
});

afterAll(() => world?.stop());

/** A call of a fixture task that one of the two serves. */
type Served = (name: string, ...args: readonly unknown[]) => Signature;

const servedIn =
  (queue: string): Served =>
  (name, ...args) =>
    app.signature(`interop.${name}`, args).set({ queue }) as Signature;
const tallo = servedIn('default');
const celery = servedIn('python');

const times = <T>(n: number, make: (i: number) => T) => Array.from({ length: n }, (_, i) => make(i));

/** Any workflow that can be started as it is. */
type Workflow = AnySignature & { delay(): Promise<{ get(options: object): Promise<unknown> }> };

async function outcomeOf(workflow: unknown): Promise<unknown> {
  // What is missing, the workflows below have none of.
  const result = await (workflow as Workflow).delay();
  return result.get({ timeout: '20s' });
}

const pair = (a: Served, b: Served, x: number) => group(a('add', x), b('add', x));

const values: readonly [string, (a: Served, b: Served) => unknown, unknown][] = [
  ['a call', (a) => a('add', 2, 3), 5],
  ['a chain', (a, b) => chain(a('add', 1, 1), b('add', 2), a('add', 3), b('add', 4)), 11],
  ['a chain with a retried step', (a, b) => chain(a('add', 1, 1), b('retry_once'), a('add', 5)), 6],
  ['a group', (a, b) => group(times(6, (i) => (i % 2 ? a : b)('add', i, i))), [0, 2, 4, 6, 8, 10]],
  ['a group in a group', (a, b) => group(a('add', 1, 1), group(b('add', 2, 2), a('add', 3, 3))), [2, 4, 6]],
  ['a chain that ends in a group', (a, b) => chain(b('add', 1, 1), pair(a, b, 1)), [3, 3]],
  [
    'a chord',
    (a, b) =>
      chord(
        times(20, (i) => (i % 2 ? a : b)('add', i, i)),
        b('tsum'),
      ),
    380,
  ],
  [
    'a chord whose body is elsewhere',
    (a, b) =>
      chord(
        times(5, (i) => a('add', i, i)),
        b('tsum'),
      ),
    20,
  ],
  [
    'a chord whose body is a chain',
    (a, b) => chord([a('add', 1, 1), b('add', 2, 2)], chain(a('tsum'), b('add', 10))),
    16,
  ],
  ['a group that a task follows', (a, b) => chain(pair(a, b, 1).clone([1]), b('tsum'), a('add', 1)), 5],
  ['a task, a group, a task', (a, b) => chain(a('add', 1, 1), pair(b, b, 1), a('tsum'), b('add', 1)), 7],
  [
    'a group that a group follows',
    (a, b) => chain(a('add', 1, 0), pair(a, b, 1), group(a('tsum'), b('tsum'))),
    [4, 4],
  ],
  [
    'two chords in a chain',
    (a, b) => chain(a('identity', 1), pair(a, b, 1), b('tsum'), pair(b, a, 2), a('tsum')),
    12,
  ],
  [
    'chords in the header of a chord',
    (a, b) =>
      chord(
        times(3, (i) => chord([a('add', i, 1), b('add', i, 2)], a('tsum'))),
        b('tsum'),
      ),
    15,
  ],
  ['a chord with a retried member', (a, b) => chord([a('retry_once'), b('retry_once')], a('tsum')), 2],
  [
    'a chord of sixty',
    (a, b) =>
      chord(
        times(60, (i) => (i % 3 ? a : b)('identity', i)),
        a('tsum'),
      ),
    1_770,
  ],
  ['a step that replaces itself', (a, b) => chain(a('replace_with_chain', 40), b('add', 2)), 42],
  [
    'a member that replaces itself',
    (a, b) => chord([a('add_replaced', 1, 2), b('identity', 3)], a('tsum')),
    6,
  ],
  [
    'a step that replaces itself with a chord',
    (a, b) => chain(a('replace_with_chord', [1, 2]), b('add', 2)),
    7,
  ],
  [
    'bytes and dates on their way',
    (a, b) => chain(a('sample', 'datetime'), b('identity')),
    new Date('2026-11-20T18:13:06.984Z'),
  ],
];

describe.concurrent.each([
  ['served by Celery alone', celery, celery],
  ['served by Tallo and Celery in turn', tallo, celery],
  ['served by Celery and Tallo in turn', celery, tallo],
] as const)('a workflow written in TypeScript and %s', (_, a, b) => {
  test.each(values)('gives its value: %s', async (_name, build, value) => {
    expect(await outcomeOf(build(a, b))).toEqual(value);
  });

  test('fails as the step that fails', async () => {
    const steps = chain(b('add', 1, 1), a('fail'), b('add', 1));

    await expect(outcomeOf(steps)).rejects.toMatchObject({
      name: 'ExpectedException',
      args: ['Task expected to fail', 2],
    });
  });

  test('fails as the member of a header that fails', async () => {
    const joined = chord([a('fail'), b('add', 1, 1)], b('tsum'));

    await expect(outcomeOf(joined)).rejects.toThrow('Task expected to fail');
  });

  test('calls back', async () => {
    const key = `link-${Math.random()}`;

    await outcomeOf(a('add', 1, 1).link(b('echo', 'linked', key).setImmutable(true)));

    await eventually(() => expect(readJournal(key)).toEqual(['linked']));
  });

  test('calls back with the id of what failed', async () => {
    const result = await a('fail').linkError(b('errback_old_style')).delay();

    await expect(result.get({ timeout: '20s' })).rejects.toThrow('Task expected to fail');
    await eventually(() => expect(readJournal(result.id)).toEqual(['old style']));
  });

  test('calls back once for a chord that fails', async () => {
    const key = `error-${Math.random()}`;
    const joined = chord([a('fail'), b('fail')], a('tsum'));

    await outcomeOf(joined.linkError(b('count', key).setImmutable(true))).catch(() => undefined);

    await eventually(() => expect(readJournal(key)).toEqual(['counted']));
  });

  test('tells its tasks which one they come from', async () => {
    const result = await chain(a('ids', 1), b('ids', 2).setImmutable(true)).delay();

    const parent = result.parent?.id;
    expect(await result.get({ timeout: '20s' })).toEqual([parent, parent, 2]);
    expect(await result.parent?.get()).toEqual([parent, null, 1]);
  });
});

test('starmap and chunks are served by Celery', async () => {
  const tuples: [number, number][] = [
    [2, 3],
    [4, 5],
    [6, 7],
  ];

  expect(await outcomeOf(mul.starmap(tuples).set({ queue: 'python' }))).toEqual([6, 20, 42]);
  expect(await outcomeOf(mul.chunks(tuples, 2).set({ queue: 'python' }))).toEqual([[6, 20], [42]]);
});

/** Waits until a look at the journal holds. */
async function eventually(look: () => void): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    try {
      return look();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  look();
}
