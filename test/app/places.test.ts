import { type QueueOptions, Tallo } from 'tallo';
import { afterEach, describe, expect, test, vi } from 'vitest';

afterEach(() => vi.unstubAllEnvs());

function queue(options: QueueOptions) {
  const [found] = new Tallo('store', { queues: { default: options } }).topology().queues;
  return found;
}

describe('a stage', () => {
  test('stands in every name in the cloud, and not in the names that the app uses', () => {
    const app = new Tallo('store', { queues: { emails: { lanes: 2 } } });

    expect(app.topology({ stage: 'prod' })).toMatchObject({
      app: 'store',
      stage: 'prod',
      tableName: 'store-prod-tasks',
      scheduleGroup: 'store-prod',
      beatFunctionName: 'store-prod-beat',
      queues: [
        { name: 'default', queueName: 'store-prod-default', deadLetterQueueName: 'store-prod-default-dlq' },
        {
          name: 'emails',
          lanes: [{ queueName: 'store-prod-emails-urgent' }, { queueName: 'store-prod-emails' }],
        },
      ],
    });
    expect(app.topology({ stage: null })).toEqual(app.topology());
  });

  test('comes from the environment where the app runs', () => {
    vi.stubEnv('TALLO_STAGE', 'prod');
    const app = new Tallo('store');

    expect(app.settings.topology).toMatchObject({ stage: 'prod', tableName: 'store-prod-tasks' });
    expect(app.topology()).toEqual(app.topology({ stage: 'prod' }));
    expect(app.topology({ stage: null }).tableName).toBe('store-tasks');
  });

  test.each([
    [
      'pre prod',
      "App 'store': expected the stage (TALLO_STAGE) to be 1 to 20 letters, digits, '-' or '_', got 'pre prod'.",
    ],
    ['x'.repeat(21), /^App 'store': expected the stage/],
  ])('cannot be %j', (stage, message) => {
    expect(() => new Tallo('store').topology({ stage })).toThrow(message);
  });

  test('leaves room for the longest name that is made from it', () => {
    expect(() => new Tallo('a'.repeat(30)).topology({ stage: 'production' })).toThrow(
      "expected its name and its stage to have at most 37 characters together, got 40 with 'production'.",
    );
  });
});

describe('a queue that processes serve', () => {
  test('has other usual numbers: hours for a task, a short visibility that is renewed', () => {
    expect(queue({ runOn: 'fargate' })).toMatchObject({
      timeLimitSeconds: 3_600,
      timeoutSeconds: 3_602,
      visibilitySeconds: 120,
      batchSize: 1,
      memoryMiB: 1_024,
      cpuUnits: 256,
    });
    expect(queue({ runOn: 'server', timeLimit: '11h', batchSize: 4, concurrency: 1 })).toMatchObject({
      timeLimitSeconds: 39_600,
      batchSize: 4,
      concurrency: 1,
      cpuUnits: null,
    });
  });

  test.each([
    [512, undefined, 256],
    [1_024, undefined, 256],
    [2_048, undefined, 256],
    [3_072, undefined, 512],
    [2_048, 1_024, 1_024],
    [8_192, undefined, 1_024],
    [16_384, undefined, 2_048],
    [30_720, undefined, 4_096],
    [61_440, undefined, 8_192],
    [122_880, undefined, 16_384],
  ])('gets of Fargate, with %d MiB and %s units wanted, %d units', (memoryMiB, cpuUnits, units) => {
    expect(queue({ runOn: 'fargate', memoryMiB, ...(cpuUnits && { cpuUnits }) })?.cpuUnits).toBe(units);
  });

  test.each<[QueueOptions, string]>([
    [
      { runOn: 'fargate', memoryMiB: 1_536 },
      'expected memoryMiB and cpuUnits to be a size that Fargate has, got 1536 MiB. Memory may be 512, or 1,024 to 30,720 in steps of 1,024',
    ],
    [
      { runOn: 'fargate', memoryMiB: 2_048, cpuUnits: 4_096 },
      'got 2048 MiB with 4096 units. With 2048 MiB, cpuUnits may be 256, 512, 1024.',
    ],
    [{ cpuUnits: 256 }, "expected cpuUnits only with runOn: 'fargate', got 256 with 'lambda'."],
    [{ runOn: 'fargate', lanes: 2 }, "expected no lanes on a queue with runOn: 'fargate', got 2."],
    [
      { runOn: 'server', batchWindow: '5s' },
      "expected no batchWindow on a queue with runOn: 'server', got 5 s.",
    ],
    [{ runOn: 'fargate', timeLimit: '12h' }, 'expected timeLimit to be from 1 to 41400 s, got "12h".'],
    [{ timeLimit: '15m' }, `got "15m". For longer tasks give the queue runOn: 'fargate' or 'server'.`],
    // @ts-expect-error what plain JavaScript may say
    [{ runOn: 'tallo' }, `expected runOn to be 'lambda', 'fargate', 'server' or 'celery', got "tallo".`],
  ])('refuses %j', (options, message) => {
    expect(() => queue(options)).toThrow(message);
  });
});
