import fc from 'fast-check';
import { type AnySignature, chain, chord, group } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { fixture } from '../conformance/fixture-tasks.ts';
import { type Anything, times } from '../conformance/world.ts';
import { type Death, MortalWorker } from '../consumer/mortal-worker.ts';
import { slowedDown } from './disturbances.ts';
import { rowsOf } from './perform.ts';
import { type Cast, moreTasks, stories } from './stories.ts';

type Make = (cast: Cast) => AnySignature;

interface Hardship {
  readonly deaths?: readonly Death[];
  readonly duplicates?: number;
  /** Slows every request down, each by another time. */
  readonly slowedDownBy?: number | undefined;
}

/** Runs a workflow on workers that die as told. */
async function performed(make: Make, { deaths = [], duplicates = 0, slowedDownBy }: Hardship = {}) {
  const echoes = new Set<string>();
  const define = () => {
    const tasks = fixture();
    moreTasks(tasks);
    // What a worker has seen outlives it.
    tasks.messages.push = (...messages) => {
      for (const message of messages) echoes.add(JSON.stringify(message));
      return 0;
    };
    return tasks.app;
  };
  const client = fixture();
  let cloud: ReturnType<typeof memoryCloud>;
  const worker = new MortalWorker({ define, cloud: () => cloud, deaths });
  // Suspects wait for each other's requests: the clock need not wait for what they do in the real world.
  cloud = memoryCloud(client.app, { handler: worker.handler, duplicates, patience: '20ms' });
  if (slowedDownBy !== undefined) slowedDown(slowedDownBy)(cloud);
  const cast: Cast = { ...client, ...moreTasks(client), cloud, [Symbol.asyncDispose]: () => cloud.stop() };
  const result = await (make(cast) as Anything).delay();
  const outcome = await result.get({ timeout: '1d' }).catch(String);
  await cloud.untilIdle();
  const end = { outcome, echoes: [...echoes].sort(), rows: rowsOf(cloud) };
  const letters = cloud.deadLetters().length;
  await cloud.stop();
  return { end: { ...end, letters }, requests: worker.requests };
}

const workflows: Record<string, Make> = {
  'a chain with callbacks': (c) =>
    chain(c.add.s(1, 2).link(c.echo.s()), c.add.s(4), c.mul.s(3)).link(c.echo.s()),
  'a chord': (c) => chord([c.add.s(1, 2), c.add.s(3, 4), c.add.s(5, 6)], c.tsum.s()).link(c.echo.s()),
  'a chord with a member that fails': (c) =>
    chord([c.add.s(1, 2), c.fail.si(), c.add.s(3, 4)], c.tsum.s()).linkError(c.echo.si('E')),
  'a chord that fails, with a callback that takes the error': (c) =>
    chord([c.add.s(1, 2), c.fail.si()], c.tsum.s()).linkError(c.app.signature('errback_new_style')),
  'a chain of groups and chords': (c) =>
    chain(
      c.add.s(1, 2),
      group(chord([c.add.s(1), c.add.s(2)], c.tsum.s()), chain(c.add.s(3), group(c.add.s(4), c.add.s(5)))),
      c.xsum.s(),
      group(c.add.s(1), c.add.s(2)),
    ),
  'a chord that is told every outcome': (c) =>
    chord([c.add.si(1, 2), c.fail.si()], c.outcomes.s(), { settle: true }),
  'a step that is replaced': (c) => chain(c.identity.s(1), c.replaceWithChain.s(), c.add.s(1)),
  'a step that is replaced twice': (c) => chain(c.replacing.s(2), c.add.s(1)),
  'a step that is replaced with a group': (c) => chain(c.identity.s([1, 2]), c.addToAll.s(1), c.tsum.s()),
  'a member that adds others': (c) => chord([c.addToAllToChord.s([1, 2], 4), c.add.s(1, 1)], c.identity.s()),
  'a chain that fails before its chord': (c) =>
    chain(c.fail.si(), group(c.add.si(1, 2), c.add.si(1, 2)), c.tsum.s()).linkError(c.echo.si('E')),
  'a step whose result is ignored': (c) => chain(c.silent.s(5), c.add.s(1), c.silent.s()).link(c.echo.s()),
};

/** Every request, before and after it. */
function deathsAt(requests: readonly number[]): readonly Death[] {
  return requests.flatMap((atRequest) => [
    { atRequest, isCarriedOut: false },
    { atRequest, isCarriedOut: true },
  ]);
}

describe('a workflow ends the same, before or after whichever request a worker dies:', () => {
  test.each(Object.entries(workflows))('%s', async (_name, make) => {
    const { end, requests } = await performed(make);

    expect(end.letters).toBe(0);
    for (const death of deathsAt(times(requests, (i) => i))) {
      expect((await performed(make, { deaths: [death] })).end, JSON.stringify(death)).toEqual(end);
    }
  });

  test('a chord of 300, which has two buckets', async () => {
    const make: Make = (c) =>
      chord(
        times(300, (i) => c.add.si(i, 1)),
        c.tsum.s(),
      );
    const { end, requests } = await performed(make);

    expect(end.outcome).toBe((299 * 300) / 2 + 300);
    // The last ones are where buckets become full.
    const some = times(requests, (i) => i).filter((i) => i % 9 === 0 || i > requests - 6);
    for (const death of deathsAt(some)) {
      expect((await performed(make, { deaths: [death] })).end, JSON.stringify(death)).toEqual(end);
    }
  });
});

const death = fc.record({ atRequest: fc.nat(40), isCarriedOut: fc.boolean() });
const slowedDownBy = fc.option(fc.nat(), { nil: undefined });
// Starts are counted by call: two copies that lose their workers twice each have begun four times, and are given up.
const hardships: fc.Arbitrary<Hardship> = fc.oneof(
  fc.record({ deaths: fc.array(death, { maxLength: 2 }), slowedDownBy }),
  fc.record({ deaths: fc.array(death, { maxLength: 1 }), duplicates: fc.constantFrom(0.3, 1), slowedDownBy }),
);

test('any workflow ends the same if workers die, messages come twice and requests overtake each other', async () => {
  const usual = new Map<string, Awaited<ReturnType<typeof performed>>>();

  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.entries(stories)),
      hardships,
      async ([name, make], hardship) => {
        const { end } = usual.get(name) ?? (await performed(make));
        usual.set(name, { end, requests: 0 });

        expect((await performed(make, hardship)).end).toEqual(end);
      },
    ),
    { seed: 20_260_101, numRuns: 400 },
  );
});
