import type { TaskContext } from 'tallo';
import type { Stage } from '../recording.ts';
import { notes } from './calls.ts';

class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** When what a task depends on is out of order no more, after the beginning. */
const outageMs = 90_000;

/** Calls that are kept waiting, and the rows by which they are. */
export const limits: Readonly<Record<string, () => Stage>> = {
  'a rate limit': () => {
    const { app, seen } = notes();
    const limited = app.task(
      'limited',
      { rateLimit: { limit: 2, per: '1m', key: (who) => String(who) } },
      (who: string, n: number) => {
        seen.push([who, n]);
        return n;
      },
    );
    const act = async () => {
      for (const n of [1, 2, 3, 4]) await limited.delay('acme', n);
      await limited.delay('other', 1);
    };
    return { app, seen, act, pause: '5s', parallel: 10 };
  },
  'places for one at a time': () => {
    const { app, seen } = notes();
    const single = app.task(
      'single',
      { bind: true, concurrency: { limit: 1 } },
      async (self: TaskContext, n: number) => {
        const { cloud } = await app.connection();
        await cloud.clock.sleep(20_000, self.signal);
        seen.push(n);
        return n;
      },
    );
    const act = async () => {
      for (const n of [1, 2, 3]) await single.delay(n);
    };
    return { app, seen, act, pause: '10s', parallel: 10 };
  },
  'a place that has an heir': () => {
    const { app, seen } = notes({ default: { timeLimit: '5m' } });
    const long = app.task(
      'long',
      { bind: true, concurrency: { limit: 1 } },
      async (self: TaskContext, n: number) => {
        const { cloud } = await app.connection();
        await cloud.clock.sleep(150_000, self.signal);
        seen.push(n);
        return n;
      },
    );
    const act = async () => {
      for (const n of [1, 2]) await long.delay(n);
    };
    return { app, seen, act, pause: '100s', parallel: 10 };
  },
  'calls whose worker was lost': () => {
    const { app, seen, note } = notes();
    const rare = app.task('rare', { rateLimit: { limit: 1, per: '1h' } }, (n: number) => {
      seen.push(n);
      return n;
    });
    const act = async () => {
      for (const n of [1, 2, 3, 4]) await rare.delay(n);
      await note.delay('plain');
    };
    return { app, seen, act, pause: '10m', lost: 5 };
  },
  'a circuit breaker that is open': () => {
    const { app, seen } = notes();
    const options = {
      circuitBreaker: { on: [Unavailable], failures: 2, cooldown: '1m' },
      maxRetries: 0,
    } as const;
    const ask = app.task('ask', options, async (n: number) => {
      const { cloud } = await app.connection();
      if (cloud.clock.now() < Date.parse('2026-01-01T00:00:00Z') + outageMs) throw new Unavailable('503');
      seen.push(n);
      return n;
    });
    const act = async () => {
      for (const n of [1, 2, 3, 4, 5]) await ask.delay(n);
    };
    return { app, seen, act, pause: '10s' };
  },
  'runs that are claimed': () => {
    const { app, seen } = notes();
    const once = app.task('once', { bind: true, dedupe: true }, (self: TaskContext, n: number) => {
      seen.push([n, self.request.retries]);
      if (self.request.retries < n) self.retry({ countdown: '1m' });
      return n;
    });
    const act = async () => {
      for (const n of [0, 1, 2]) await once.delay(n);
    };
    return { app, seen, act, pause: '30s' };
  },
};
