import { chain, chord, Tallo } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { type Death, MortalWorker } from '../consumer/mortal-worker.ts';

function define() {
  const app = new Tallo('rev');
  const runs: string[] = [];
  const note = app.task('note', (name: string) => void runs.push(name));
  const hang = app.task('hang', { bind: true }, async ({ signal }) => {
    const { clock } = (await app.connection()).cloud;
    await clock.sleep(25_000, signal);
  });
  const count = app.task('count', () => void runs.push('count'));
  return { app, note, hang, count, runs };
}

/** A chord that is revoked before it begins, and a chain whose first step is terminated; by workers that die as told. */
async function story(deaths: readonly Death[]) {
  const client = define();
  const runs: string[][] = [];
  let cloud: ReturnType<typeof memoryCloud>;
  const worker = new MortalWorker({
    define: () => {
      const process = define();
      runs.push(process.runs);
      return process.app;
    },
    cloud: () => cloud,
    deaths,
  });
  cloud = memoryCloud(client.app, { handler: worker.handler });
  const header = ['a', 'b'].map((name) => client.note.si(name).set({ countdown: 10 }));
  const whole = await chord(header, client.count.si()).delay();
  const steps = await chain(client.hang.si(), client.note.si('next')).delay();
  await cloud.advance('2s');

  await Promise.all([whole.revoke(), steps.revoke({ terminate: true })]);
  await cloud.untilIdle();

  const handles = [whole, steps, steps.parent].map((one) => client.app.AsyncResult(one?.id ?? ''));
  const states = await Promise.all(handles.map((handle) => handle.state()));
  await client.app.close();
  return { states, runs: runs.flat(), requests: worker.requests };
}

describe('whenever a worker dies, before or after any one of its requests', () => {
  test('what was revoked ends as revoked, and never runs', async () => {
    const { requests, ...usual } = await story([]);
    expect(usual).toEqual({ states: ['REVOKED', 'REVOKED', 'REVOKED'], runs: [] });
    expect(requests).toBeGreaterThan(8);

    for (let atRequest = 0; atRequest < requests; atRequest += 1) {
      for (const isCarriedOut of [false, true]) {
        const { requests: _, ...ended } = await story([{ atRequest, isCarriedOut }]);
        expect(ended, `at request ${atRequest}, carried out: ${isCarriedOut}`).toEqual(usual);
      }
    }
  });
});
