import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { app } from './app.ts';
import type { CeleryClient, Outcome, WorkflowEntry } from './celery-client.ts';
import type { Expectation, Expectations } from './expectations.ts';
import { startWorld } from './world.ts';

// Makes expected.json: runs the workflows with a real Celery worker on every queue, and writes what they give.
//
//   RECORD=all npm run test:interop -- record
//   RECORD='simple_chain simple_chord' npm run test:interop -- record      these, beside what is recorded already
//
// and then `npm run format`.

const names = (process.env.RECORD ?? '').split(' ').filter(Boolean);
const isWanted = ({ name }: WorkflowEntry) => names.includes('all') || names.includes(name);

/** What differs from run to run is no expectation: it fails the recording, and keeps what it had. */
const rounds = 3;

test.runIf(names.length > 0)('real Celery gives the same each time', { timeout: 900_000 }, async () => {
  const world = await startWorld(app, { celery: ['default', 'python'], patience: 40 });
  try {
    const all = await world.celery.workflows();
    const outcomes = await outcomesOf(world.celery, all.filter(isWanted));
    const isSteady = (entry: WorkflowEntry) => steady(entry, outcomes.get(entry.name) ?? []);
    const found = all.filter((entry) => isWanted(entry) && isSteady(entry));
    write(all, Object.fromEntries(found.map((entry) => [entry.name, expectation(entry, outcomes)])));

    const unsteady = all.filter((entry) => isWanted(entry) && !isSteady(entry)).map(({ name }) => name);
    expect(Object.fromEntries(unsteady.map((name) => [name, outcomes.get(name)]))).toEqual({});
  } finally {
    await world.stop();
  }
});

type Outcomes = ReadonlyMap<string, readonly Outcome[]>;

/** What each workflow gave, round by round; those that are much work run once, alone. */
async function outcomesOf(celery: CeleryClient, entries: readonly WorkflowEntry[]): Promise<Outcomes> {
  const outcomes = new Map<string, Outcome[]>(entries.map(({ name }) => [name, []]));
  const run = async ({ name }: WorkflowEntry) => outcomes.get(name)?.push(await celery.workflow(name));
  for (let round = 1; round <= rounds; round++) {
    await Promise.all(entries.filter(({ heavy }) => !heavy).map(run));
  }
  for (const entry of entries.filter(({ heavy }) => heavy)) await run(entry);
  return outcomes;
}

function steady(
  { target }: WorkflowEntry,
  [first = { crash: 'did not run' }, ...others]: readonly Outcome[],
) {
  return !('crash' in first) && (target !== null || others.every((other) => isDeepStrictEqual(other, first)));
}

/** What goes into the file. Where Celery cannot do it, our target is the expectation. */
function expectation({ name, target, note, heavy }: WorkflowEntry, outcomes: Outcomes): Expectation {
  const [first = {}] = outcomes.get(name) ?? [];
  return {
    ...(target ? { outcome: target, celery: first } : { outcome: first }),
    ...(note && { note }),
    ...(heavy && { heavy }),
  };
}

/** In the order in which they are written in Python. */
function write(all: readonly WorkflowEntry[], found: Expectations): void {
  const file = new URL('expected.json', import.meta.url);
  const before: Expectations = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const known = all.flatMap(({ name }) => {
    const entry = found[name] ?? before[name];
    return entry ? [[name, entry] as const] : [];
  });
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(known), null, 2)}\n`);
}
