import fc from 'fast-check';
import { type AppOptions, ConfigurationError, type QueueOptions, Tallo } from 'tallo';
import { describe, expect, test } from 'vitest';
import { app as demo } from '../../examples/app.ts';
import { planOf } from '../../preflight/plan/plan-of.ts';
import { ofLevel, preflight } from '../../preflight/preflight.ts';
import { writeReport } from '../../preflight/report.ts';
import { rules } from '../../preflight/rules.ts';
import { changed, found, now, planned } from './plans.ts';

const wrong = changed(
  planned({ queues: { mails: {}, songs: {} } }, undefined, { stage: 'test', region: 'eu-west-1' }),
  {
    source: { reportsBatchItemFailures: false },
  },
);

describe('a report', () => {
  test('has errors first, and tells how much was looked at', () => {
    const plan = { ...wrong, queues: wrong.queues.slice(0, 2) };

    expect(writeReport(preflight(plan))).toBe(`\
Preflight of app 'store', stage 'test', eu-west-1

ERROR batch-failures: queue 'default'
  found   an event source without ReportBatchItemFailures
  wanted  that function response type: without it, messages that were to come again are deleted with their batch
  do      Take back what removed it.
  see     https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting

ERROR batch-failures: queue 'mails'
  found   an event source without ReportBatchItemFailures
  wanted  that function response type: without it, messages that were to come again are deleted with their batch
  do      Take back what removed it.
  see     https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting

WARNING queue-unused: queue 'mails'
  found   no task, route or beat entry that leads there
  wanted  a queue that something is sent to: each one is polled all day
  do      Take it out; or accept 'queue-unused:mails' where calls name it themselves.
  see     https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html

2 errors, 1 warning; ${rules.length} rules looked at 2 queues and 1 task.`);
  });

  test('of an app without faults says so', () => {
    expect(writeReport(preflight(planned()))).toBe(`\
Preflight of app 'store'

0 errors, 0 warnings; ${rules.length} rules looked at 1 queue and 1 task.`);
  });
});

describe('acceptances', () => {
  test('silence a rule, or what it says of one queue, and are counted', () => {
    const plan = planned({ queues: { mails: {}, songs: {} } });
    const subjects = (accept: readonly string[]) =>
      preflight(plan, { accept }).findings.map(({ subject }) => subject);

    expect(subjects([])).toEqual(['mails', 'songs']);
    expect(subjects(['queue-unused'])).toEqual([]);
    expect(subjects(['queue-unused:mails'])).toEqual(['songs']);
    expect(subjects(['route-unused', 'queue-unused:mail'])).toEqual(['mails', 'songs']);
    expect(writeReport(preflight(plan, { accept: ['queue-unused:mails'] }))).toMatch(
      /\n\n0 errors, 1 warning, 1 accepted; \d+ rules looked at 3 queues and 1 task\.$/,
    );
  });

  test('silence no errors', () => {
    const plan = changed(planned(), { lane: { visibilitySeconds: 31 } });

    expect(found(plan, { accept: ['visibility-timeout'] })).toMatch(/^ERROR visibility-timeout: /);
    expect(
      found(changed(planned(), { lane: { visibilitySeconds: 32 } }), { accept: ['visibility-timeout'] }),
    ).toBe('');
  });

  test.each([
    ['queue-usused', /name of a preflight rule.*got 'queue-usused'. Rules with warnings: queue-unused, /],
    ['batch-failures:mails', /only warnings of preflight to be accepted, got 'batch-failures:mails'/],
  ])('refuse %s', (acceptance, message) => {
    expect(() => preflight(planned(), { accept: [acceptance] })).toThrow(ConfigurationError);
    expect(() => preflight(planned(), { accept: [acceptance] })).toThrow(message);
  });
});

test('quotas are what the account has, and must be numbers', () => {
  const plan = planned({ queues: { default: { concurrency: 1_000 } } }, undefined, {
    accountConcurrency: 999,
  });

  expect(found(plan)).toMatch(/^WARNING account-concurrency: /);
  expect(found({ ...plan, accountConcurrency: 1_000 })).toBe('');
  expect(planned({}, undefined, { accountConcurrency: 0 }).accountConcurrency).toBe(0);
  expect(() => planned({}, undefined, { accountConcurrency: Number.NaN })).toThrow(
    /accountConcurrency to be a number/,
  );
  expect(() => planned({}, undefined, { fargateVcpus: -1 })).toThrow(
    /fargateVcpus to be a number from 0, got -1/,
  );
});

test('lanes that are alike are one finding', () => {
  const plan = changed(planned({ queues: { default: { lanes: 2 } } }), { lane: { maxReceives: 1 } });

  expect(preflight(plan).findings.map(({ where }) => where)).toEqual([
    "queue 'default', lane 'urgent'; queue 'default', lane 'normal'",
  ]);
});

test('the app of the demo has neither errors nor warnings', () => {
  expect(preflight(planOf(demo)).findings).toEqual([]);
});

describe('what the SDK lets pass', () => {
  const queue: fc.Arbitrary<QueueOptions> = fc.record(
    {
      timeLimit: fc.integer({ min: 1, max: 840 }),
      lanes: fc.constantFrom<1 | 2 | 3>(1, 2, 3),
      concurrency: fc.integer({ min: 6, max: 1_000 }),
      batchSize: fc.integer({ min: 1, max: 10_000 }),
      batchWindow: fc.integer({ min: 1, max: 300 }),
      memoryMiB: fc.integer({ min: 128, max: 10_240 }),
    },
    { requiredKeys: ['batchWindow'] },
  );
  const process: fc.Arbitrary<QueueOptions> = fc.record(
    {
      runOn: fc.constantFrom('fargate', 'server'),
      timeLimit: fc.integer({ min: 1, max: 41_400 }),
      visibilityTimeout: fc.integer({ min: 30, max: 43_200 }),
      concurrency: fc.integer({ min: 1, max: 1_000 }),
    },
    { requiredKeys: ['runOn'] },
  );
  const name = fc.stringMatching(/^[a-z]{1,8}$/);

  test('has no errors, whatever the options, where every number is derived', () => {
    fc.assert(
      fc.property(
        fc.dictionary(name, fc.oneof(queue, process), { maxKeys: 4, noNullPrototype: true }),
        (queues) => {
          const options: AppOptions = { queues };
          const app = new Tallo('store', options);
          for (const queueName of Object.keys(queues))
            app.task(`${queueName}.run`, { queue: queueName }, () => 1);

          expect(ofLevel(preflight(planOf(app, { now })).findings, 'error')).toEqual([]);
        },
      ),
      { numRuns: 300, seed: 20_261_121 },
    );
  });

  test.each(['lambda', 'fargate', 'server', 'celery'] as const)(
    'has nothing to say of a queue on %s by default',
    (runOn) => {
      const app = new Tallo('store', { queues: { default: {}, other: { runOn } } });
      app.task('hello', () => 1);
      if (runOn !== 'celery') app.task('other', { queue: 'other' }, () => 1);

      expect(preflight(planOf(app, { now })).findings).toEqual([]);
    },
  );
});
