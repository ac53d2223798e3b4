import { Ignore, Reject, Tallo, type TaskContext, TaskError } from 'tallo';
import * as z from 'zod';
import type { Stage } from '../recording.ts';

/** Single calls with every option, and tasks with every end. */
export const calls: Readonly<Record<string, () => Stage>> = {
  'calls with options': () => {
    const { app, seen, note } = notes();
    const act = async () => {
      await note.delay(1);
      await note.applyAsync([new Date('2026-02-03T04:05:06Z')], {
        priority: 9,
        headers: { tenant: 'acme' },
        shadow: 'n',
      });
      await note.applyAsync([new Uint8Array([1, 2, 255])], { ignoreResult: true, fairnessKey: 'acme' });
      await note.applyAsync([Number.NaN], { timeLimit: 20, softTimeLimit: 10, expires: '1h' });
      await note.applyAsync([[null, { deep: ['ü', '\u2028', true] }]], {
        taskId: 'my-own-id',
        argsrepr: '(...)',
      });
      await note.applyAsync([5], { link: note.s(), linkError: note.si('error') });
    };
    return { app, seen, act };
  },
  'calls by keyword': () => {
    const { app, seen } = notes();
    const kwargs = z.object({ to: z.string(), at: z.date().optional() });
    const greet = app.task('greet', { args: z.tuple([z.string()]), kwargs }, (text, { to, at }) => {
      seen.push([text, to, at?.toISOString()]);
      return `${text} ${to}`;
    });
    const act = async () => {
      await greet.delay('Hello', { to: 'Ada' });
      await greet.delay('Bye', { to: 'Grace', at: new Date('2026-02-03T04:05:06Z') });
    };
    return { app, seen, act };
  },
  'calls that are compressed': () => {
    const { app, seen, note } = notes();
    const act = async () => {
      for (const compression of ['zlib', 'brotli', 'zstd'] as const)
        await note.applyAsync([compression.repeat(20)], { compression });
    };
    return { app, seen, act };
  },
  'calls in base64, and in lanes': () => {
    const { app, seen, note } = notes({ default: { base64: true }, fast: { lanes: 3 } });
    const act = async () => {
      await note.delay('base64');
      for (const priority of [0, 5, 9]) await note.applyAsync([priority], { priority, queue: 'fast' });
    };
    return { app, seen, act };
  },
  'calls for later': () => {
    const { app, seen, note } = notes();
    const act = async () => {
      await note.applyAsync(['in a minute'], { countdown: '1m' });
      await note.applyAsync(['in ten minutes'], { countdown: '10m', expires: '20m' });
      await note.applyAsync(['tomorrow'], { eta: new Date('2026-01-02T00:00:00Z') });
      await note.applyAsync(['x'.repeat(400_000)], { countdown: '1h' });
      await note.applyAsync(['too late'], { countdown: '10m', expires: '5m' });
    };
    return { app, seen, act, pause: '20m' };
  },
  'calls that share a result': () => {
    const { app, seen, note } = notes();
    const act = async () => {
      for (const value of [1, 2]) await note.applyAsync([value], { idempotencyKey: 'order-7' });
      for (const value of [3, 4]) await note.applyAsync([value], { throttle: { key: 'user-7', per: '1m' } });
      for (const value of [5, 6, 7])
        await note.applyAsync([value], { debounce: { key: 'cart-7', wait: '10s' } });
    };
    return { app, seen, act, pause: '3s' };
  },
  'calls that are revoked': () => {
    const { app, seen, note } = notes();
    const act = async () => {
      const near = await note.applyAsync(['near'], { countdown: '1m' });
      const far = await note.applyAsync(['far'], { countdown: '1d' });
      await note.applyAsync(['stamped'], { countdown: '2m', headers: { tenant: 'acme' } });
      await note.applyAsync(['kept'], { countdown: '2m' });
      await app.control.revoke([near.id, far.id]);
      await app.control.revokeByStampedHeaders({ tenant: 'acme' });
    };
    return { app, seen, act, pause: '5s' };
  },
  'calls of tasks with every end': () => {
    const { app, seen } = notes({}, { resultExtended: true, taskDefaults: { trackStarted: true } });
    const tasks = endings(app);
    return { app, seen, act: async () => void (await Promise.all(tasks.map((task) => task.delay()))) };
  },
  'calls that are tried again': () => {
    const { app, seen } = notes();
    const flaky = app.task('flaky', { bind: true, maxRetries: 3 }, (self: TaskContext, times: number) => {
      seen.push(self.request.retries);
      if (self.request.retries < times) self.retry({ countdown: '20s' });
      return self.request.retries;
    });
    const patient = app.task('patient', { bind: true }, (self: TaskContext) => {
      if (self.request.retries === 0) self.retry({ countdown: '1h' });
      return 'at last';
    });
    const sender = app.task('sender', { bind: true }, async (self: TaskContext) => {
      await self.updateState('PROGRESS', { step: 1 });
      const child = await flaky.applyAsync([1], { taskId: `child of ${self.request.id}` });
      return child.id;
    });
    const act = async () => {
      await flaky.delay(2);
      await flaky.delay(9);
      await sender.delay();
      await patient.delay();
    };
    return { app, seen, act, pause: '30s' };
  },
};

type Queues = NonNullable<NonNullable<ConstructorParameters<typeof Tallo>[1]>['queues']>;

/** An app with a task that notes what it is given. */
export function notes(queues: Queues = {}, options: ConstructorParameters<typeof Tallo>[1] = {}) {
  const app = new Tallo('versions', { ...options, queues: { default: {}, ...queues } });
  const seen: unknown[] = [];
  const note = app.task('note', (value: unknown): unknown => {
    seen.push(value instanceof Uint8Array ? [...value] : value);
    return value;
  });
  return { app, seen, note };
}

function endings(app: Tallo) {
  const failing = (name: string, error: () => Error) =>
    app.task(name, () => {
      throw error();
    });
  return [
    app.task('gives a value', () => ({ when: new Date(0), parts: [1, Number.POSITIVE_INFINITY] })),
    app.task('gives nothing', () => undefined),
    app.task('is ignored', { ignoreResult: true }, () => 1),
    failing('fails', () => new TypeError('no such order')),
    failing("fails with Celery's words", () => new TaskError('NoOrder', ['no', 7])),
    failing('throws Ignore', () => new Ignore()),
    failing('throws Reject', () => new Reject('unreadable')),
    app.task('leaves a state of its own', { bind: true }, async (self: TaskContext) => {
      await self.updateState('HALFWAY', { at: 7 });
      throw new Ignore();
    }),
  ];
}
