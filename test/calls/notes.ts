import type { AsyncResult, Tallo } from 'tallo';
import { world } from './world.ts';

interface Options {
  readonly duplicates?: number;
  /** How long a run takes, seconds. */
  readonly takes?: number;
}

/** An app whose task notes what it ran with, and when: seconds since the beginning. */
export function noting({ takes = 0, ...options }: Options = {}) {
  const runs: [text: string, at: number][] = [];
  const it = world((app, cloud) => {
    app.task('save', { bind: true, maxRetries: 1 }, async (self, text: string, fails = false) => {
      runs.push([text, Math.floor((cloud().clock.now() - begin) / 1_000)]);
      if (takes > 0) await cloud().clock.sleep(takes * 1_000);
      if (fails && self.request.retries === 0) self.retry({ countdown: '1h' });
      return text;
    });
  }, options);
  const begin = it.cloud.clock.now();
  const save = (text: string, { app = it.app, wait = '10s', maxWait, ...more }: Call = {}) =>
    app.sendTask<string>('save', [text, ...(more.fails ? [true] : [])], {
      debounce: { key: 'draft', wait, ...(maxWait && { maxWait }) },
    });
  return { ...it, runs, save };
}

interface Call {
  readonly app?: Tallo;
  readonly wait?: '10s' | '1h' | '20d';
  readonly maxWait?: '30s' | '2h' | '40d';
  readonly fails?: boolean;
}

export const idsOf = (results: readonly AsyncResult<string>[]) => new Set(results.map(({ id }) => id));
