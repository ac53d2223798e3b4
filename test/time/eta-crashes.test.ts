import { chain, Tallo } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { type Death, MortalWorker } from '../consumer/mortal-worker.ts';
import { begin, early, hour, minute } from './world.ts';

describe('whenever a worker dies, before or after any one of its requests', () => {
  const stories = {
    'a chain with a step in two hours': (app: Tallo) =>
      chain(app.signature('first'), app.signature('second').set({ countdown: '2h' })).delay(),
    'a retry after two hours': (app: Tallo) => app.sendTask('retried'),
    'a call that comes hours early': async (app: Tallo) => {
      const { cloud } = await app.connection();
      await cloud.queues.send('time-default', [early('p', 2 * hour)]);
      return app.AsyncResult('p');
    },
    'a call that is too large for a timer': (app: Tallo) =>
      app.sendTask('second', ['x'.repeat(300_000)], { countdown: '2h' }),
  };

  async function story(name: keyof typeof stories, deaths: readonly Death[] = []) {
    const starts: string[] = [];
    let cloud: ReturnType<typeof memoryCloud>;
    const noted = (what: string) => {
      starts.push(`${what} ${Math.floor((cloud.clock.now() - begin) / (10 * minute * 1_000))}`);
    };
    const define = () => {
      const app = new Tallo('time');
      app.task('first', () => noted('first'));
      app.task('second', (_: unknown) => noted('second'));
      app.task('note', () => noted('note'));
      app.task('retried', { bind: true }, (self) => {
        noted(`attempt ${self.request.retries}`);
        if (self.request.retries === 0) self.retry({ countdown: '2h' });
      });
      return app;
    };
    const client = new Tallo('time');
    const worker = new MortalWorker({ define, cloud: () => cloud, deaths });
    cloud = memoryCloud(client, { handler: worker.handler });
    const result = await stories[name](client);
    await cloud.untilIdle();
    const state = await result.state();
    await client.close();
    return { state, kinds: new Set(starts), starts, requests: worker.requests };
  }

  test.each(Object.keys(stories) as (keyof typeof stories)[])('%s begins when it is due', async (name) => {
    const usual = await story(name);
    expect(usual.state).toBe('SUCCESS');

    for (let atRequest = 0; atRequest < usual.requests; atRequest += 1) {
      for (const isCarriedOut of [false, true]) {
        const { state, starts } = await story(name, [{ atRequest, isCarriedOut }]);

        const what = `death at request ${atRequest}, carried out: ${isCarriedOut}`;
        expect(state, what).toBe('SUCCESS');
        // What is not far off may be done once more, and what waits in a timer begins once.
        expect(
          [...usual.kinds].every((kind) => starts.includes(kind)),
          `${what}: ${starts}`,
        ).toBe(true);
        expect(starts.length, `${what}: ${starts}`).toBeLessThanOrEqual(usual.starts.length + 1);
      }
    }
  });
});
