import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { app } from './app.ts';
import type { Expectations } from './expectations.ts';
import { startWorld, type World } from './world.ts';

const file = new URL('expected.json', import.meta.url);
const expectations: Expectations = JSON.parse(readFileSync(file, 'utf8'));
const all = Object.entries(expectations);
const light = all.filter(([, { heavy }]) => !heavy);
const heavy = all.filter((entry) => entry[1].heavy);

let world: World;

beforeAll(async () => {
  world = await startWorld(app, { tallo: ['default'], celery: ['python'], patience: 12 });
});

afterAll(() => world?.stop());

async function gives(name: string, outcome: Expectations[string]['outcome']): Promise<void> {
  expect(await world.celery.workflow(name)).toEqual(outcome);
}

// The keys of expected.json; one alone: npm run test:interop -- workflows -t ' simple_chain$'
describe.concurrent('a workflow written in Python and served by Tallo gives what Celery gives', () => {
  test.each(light)('%s', (name, { outcome }) => gives(name, outcome));
});

describe('a large workflow written in Python and served by Tallo gives what Celery gives', () => {
  test.each(heavy)('%s', { timeout: 90_000 }, (name, { outcome }) => gives(name, outcome));
});
