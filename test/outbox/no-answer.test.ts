import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { awsCloud } from '../../sdk/aws/aws-cloud.ts';
import { chord, OperationalError, Tallo } from '../../sdk/index.ts';

beforeEach(() => {
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
  onTestFinished(() => void vi.unstubAllEnvs());
});

/** An app whose cloud is switched off. */
function appWithoutCloud() {
  const app = new Tallo('store');
  const task = app.task('task', () => null);
  const { tableName, scheduleGroup } = app.topology();
  app.connect(awsCloud({ tableName, scheduleGroup, endpoint: 'http://127.0.0.1:1' }));
  return { app, task, retry: false as const };
}

type Asked = ReturnType<typeof appWithoutCloud>;

async function first(entries: AsyncIterable<unknown>): Promise<unknown> {
  for await (const entry of entries) return entry;
  return undefined;
}

test.for([
  ['applyAsync', ({ task, retry }) => task.applyAsync([], { retry })],
  ['a call with idempotencyKey', ({ task, retry }) => task.applyAsync([], { retry, idempotencyKey: 'a' })],
  [
    'a call with throttle',
    ({ task, retry }) => task.applyAsync([], { retry, throttle: { key: 'a', per: '1m' } }),
  ],
  [
    'a call with debounce',
    ({ task, retry }) => task.applyAsync([], { retry, debounce: { key: 'a', wait: '1m' } }),
  ],
  [
    'a chord with a lazy header',
    ({ task }) =>
      chord(
        (function* () {
          yield task.s();
        })(),
        task.si(),
      ).delay(),
  ],
  ['get', ({ app }) => app.AsyncResult('id').get({ timeout: '1s' })],
  ['forget', ({ app }) => app.AsyncResult('id').forget()],
  ['save', ({ app }) => app.GroupResult('id', []).save()],
  ['restoreGroup', ({ app }) => app.restoreGroup('id')],
  ['schedules.create', ({ app, task }) => app.schedules.create('a', { task, schedule: '1h' })],
  ['schedules.update', ({ app }) => app.schedules.update('a', { schedule: '1h' })],
  ['schedules.get', ({ app }) => app.schedules.get('a')],
  ['schedules.list', ({ app }) => first(app.schedules.list())],
  ['schedules.pause', ({ app }) => app.schedules.pause('a')],
  ['schedules.resume', ({ app }) => app.schedules.resume('a')],
  ['schedules.delete', ({ app }) => app.schedules.delete('a')],
] satisfies [string, (asked: Asked) => Promise<unknown>][])(
  'a cloud that does not answer is an OperationalError for %s, and its cause says why',
  async ([, ask]) => {
    const asked = appWithoutCloud();

    const error = await ask(asked).catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(OperationalError);
    expect(error).toMatchObject({ cause: { name: 'TransportError', code: 'ECONNREFUSED' } });
    await asked.app.close();
  },
);
