import { chain, chord, crontab, group } from 'tallo';
import { expect, test } from 'vitest';
import { found, planned } from './plans.ts';

test('queue-exists of beat', () => {
  expect(
    found({
      ...planned(),
      entries: [
        {
          name: 'nightly',
          runsPerDay: 1,
          expires: false,
          calls: [{ task: 'hello', queue: 'mails', namesQueue: true }],
        },
      ],
    }),
  ).toBe(`\
ERROR queue-exists: beat entry 'nightly'
  found   queue 'mails', which the app does not have
  wanted  one of its queues: default
  do      Add 'mails' to the app's option queues, or correct the name.
  see     https://docs.celeryq.dev/en/stable/userguide/routing.html#automatic-routing`);
  expect(
    found(
      planned({}, (app) => {
        app.task('hello', () => 1);
        app.beat({ nightly: { task: 'hello', schedule: '1d', options: { queue: 'default' } } });
      }),
    ),
  ).toBe('');
});

test('queue-unused with a beat entry', () => {
  expect(
    found(
      planned({ queues: { mails: {} } }, (app) => {
        app.task('hello', () => 1);
        app.beat({ nightly: { task: 'hello', schedule: '1d', options: { queue: 'mails' } } });
      }),
    ),
  ).toBe('');
});

test('beat-task', () => {
  expect(found(planned({}, (app) => app.beat({ nightly: { task: 'helo', schedule: '1d' } })))).toBe(`\
WARNING beat-task: beat entry 'nightly'
  found   task 'helo' on queue 'default', which the app does not define
  wanted  a task of the app, or a queue that others serve: its workers bury each such call as not-registered
  do      Correct the name; import the task's module where the app is; or for a task in Python give queue 'default' runOn: 'celery'.
  see     https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#entries`);
  expect(
    found(
      planned({ queues: { python: { runOn: 'celery' } }, routes: { 'py.*': 'python' } }, (app) =>
        app.beat({ nightly: { task: 'py.clean', schedule: '1d' } }),
      ),
    ),
  ).toBe('');
  expect(
    found(
      planned({}, (app) => {
        const one = app.signature('one', [1]);
        const two = app.signature('two').link(app.signature('three'));
        app.beat({
          nightly: {
            task: chord([one, chain(two, app.signature('four'))], app.signature('five')),
            schedule: '1d',
          },
        });
      }),
    ),
  ).toBe(`\
WARNING beat-task: beat entry 'nightly'
  found   task 'one' on queue 'default', which the app does not define
  wanted  a task of the app, or a queue that others serve: its workers bury each such call as not-registered
  do      Correct the name; import the task's module where the app is; or for a task in Python give queue 'default' runOn: 'celery'.
  see     https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#entries

WARNING beat-task: beat entry 'nightly'
  found   task 'two' on queue 'default', which the app does not define
  wanted  a task of the app, or a queue that others serve: its workers bury each such call as not-registered
  do      Correct the name; import the task's module where the app is; or for a task in Python give queue 'default' runOn: 'celery'.
  see     https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#entries

WARNING beat-task: beat entry 'nightly'
  found   task 'three' on queue 'default', which the app does not define
  wanted  a task of the app, or a queue that others serve: its workers bury each such call as not-registered
  do      Correct the name; import the task's module where the app is; or for a task in Python give queue 'default' runOn: 'celery'.
  see     https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#entries

WARNING beat-task: beat entry 'nightly'
  found   task 'four' on queue 'default', which the app does not define
  wanted  a task of the app, or a queue that others serve: its workers bury each such call as not-registered
  do      Correct the name; import the task's module where the app is; or for a task in Python give queue 'default' runOn: 'celery'.
  see     https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#entries

WARNING beat-task: beat entry 'nightly'
  found   task 'five' on queue 'default', which the app does not define
  wanted  a task of the app, or a queue that others serve: its workers bury each such call as not-registered
  do      Correct the name; import the task's module where the app is; or for a task in Python give queue 'default' runOn: 'celery'.
  see     https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#entries`);
  expect(
    found(
      planned({}, (app) => {
        const hello = app.task('hello', () => 1);
        app.beat({ nightly: { task: group(hello.s(), hello.s()), schedule: '1d' } });
      }),
    ),
  ).toBe('');
});

test('beat-rate', () => {
  expect(
    found(
      planned({}, (app) => {
        app.task('hello', { rateLimit: '1/m' }, () => 1);
        app.beat({ often: { task: 'hello', schedule: '59s' } });
      }),
    ),
  ).toBe(`\
WARNING beat-rate: task 'hello'
  found   1,464 starts a day by beat, and a rateLimit of 1,440 a day
  wanted  fewer starts than the limit allows: what waits grows every day
  do      Raise rateLimit, run the entry less often, or give its calls 'expires'.
  see     https://docs.celeryq.dev/en/stable/reference/celery.app.task.html#celery.app.task.Task.rate_limit`);
  expect(
    found(
      planned({}, (app) => {
        app.task('hello', { rateLimit: { limit: 1, per: '2d' } }, () => 1);
        app.beat({
          daily: { task: 'hello', schedule: crontab({ minute: 0, hour: 4, dayOfWeek: 'mon,wed,fri,sun' }) },
        });
      }),
    ),
  ).toBe(`\
WARNING beat-rate: task 'hello'
  found   0.571 starts a day by beat, and a rateLimit of 0.5 a day
  wanted  fewer starts than the limit allows: what waits grows every day
  do      Raise rateLimit, run the entry less often, or give its calls 'expires'.
  see     https://docs.celeryq.dev/en/stable/reference/celery.app.task.html#celery.app.task.Task.rate_limit`);
  expect(
    found(
      planned({}, (app) => {
        const hello = app.task('hello', { rateLimit: '1/m' }, () => 1);
        app.beat({ often: { task: group(hello.s(), hello.s()), schedule: '119s' } });
      }),
    ),
  ).toBe(`\
WARNING beat-rate: task 'hello'
  found   1,452 starts a day by beat, and a rateLimit of 1,440 a day
  wanted  fewer starts than the limit allows: what waits grows every day
  do      Raise rateLimit, run the entry less often, or give its calls 'expires'.
  see     https://docs.celeryq.dev/en/stable/reference/celery.app.task.html#celery.app.task.Task.rate_limit`);
  expect(
    found(
      planned({}, (app) => {
        app.task('hello', { rateLimit: '1/m' }, () => 1);
        app.beat({ one: { task: 'hello', schedule: '2m' }, two: { task: 'hello', schedule: '2m' } });
      }),
    ),
  ).toBe('');
  expect(
    found(
      planned({}, (app) => {
        app.task('hello', { rateLimit: '1/m' }, () => 1);
        app.beat({
          often: { task: 'hello', schedule: '30s', options: { expires: '30s' } },
          off: { task: 'hello', schedule: '1s', enabled: false },
        });
      }),
    ),
  ).toBe('');
  expect(
    found(
      planned({}, (app) => {
        app.task('hello', { rateLimit: { limit: 1, per: '1h', key: () => 'a' } }, () => 1);
        app.beat({ often: { task: 'hello', schedule: crontab({ minute: '*' }) } });
      }),
    ),
  ).toBe('');
  expect(
    found(
      planned({}, (app) => {
        app.task('hello', { rateLimit: { limit: 1_439, per: '1d' } }, () => 1);
        app.beat({ often: { task: 'hello', schedule: crontab({ minute: '*' }) } });
      }),
    ),
  ).toBe(`\
WARNING beat-rate: task 'hello'
  found   1,440 starts a day by beat, and a rateLimit of 1,439 a day
  wanted  fewer starts than the limit allows: what waits grows every day
  do      Raise rateLimit, run the entry less often, or give its calls 'expires'.
  see     https://docs.celeryq.dev/en/stable/reference/celery.app.task.html#celery.app.task.Task.rate_limit`);
  expect(
    found(
      planned({}, (app) => {
        app.task('hello', { rateLimit: '61/h' }, () => 1);
        app.beat({ often: { task: 'hello', schedule: crontab({ minute: '*' }) } });
      }),
    ),
  ).toBe('');
});

test('scheduler-rate', () => {
  expect(
    found(
      planned({}, (app) => app.task('hello', { defaultRetryDelay: '16m' }, () => 1), {
        region: 'eu-south-1',
      }),
    ),
  ).toBe(`\
WARNING scheduler-rate: task 'hello'
  found   a wait for a retry of 16 min, in eu-south-1
  wanted  at most 15 min, or a larger region: each longer wait is a schedule, and eu-south-1 takes 250 of them a second, not 5,000
  do      Shorten the wait, or have the quota 'CreateSchedule request rate' raised and accept this.
  see     https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html`);
  expect(
    found(
      planned({}, (app) => app.task('hello', { circuitBreaker: { on: [Error], cooldown: '1h' } }, () => 1), {
        region: 'eu-south-1',
      }),
    ),
  ).toBe(`\
WARNING scheduler-rate: task 'hello'
  found   a circuit breaker's cooldown of 60 min, in eu-south-1
  wanted  at most 15 min, or a larger region: each longer wait is a schedule, and eu-south-1 takes 250 of them a second, not 5,000
  do      Shorten the wait, or have the quota 'CreateSchedule request rate' raised and accept this.
  see     https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html`);
  expect(
    found(
      planned(
        {},
        (app) =>
          app.task(
            'hello',
            { autoretryFor: [Error], retryBackoff: 60, retryBackoffMax: '1h', maxRetries: 6 },
            () => 1,
          ),
        { region: 'eu-south-1' },
      ),
    ),
  ).toBe(`\
WARNING scheduler-rate: task 'hello'
  found   a wait for a retry of 32 min, in eu-south-1
  wanted  at most 15 min, or a larger region: each longer wait is a schedule, and eu-south-1 takes 250 of them a second, not 5,000
  do      Shorten the wait, or have the quota 'CreateSchedule request rate' raised and accept this.
  see     https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html`);
  expect(
    found(
      planned(
        {},
        (app) =>
          app.task(
            'hello',
            { autoretryFor: [Error], retryBackoff: 60, retryBackoffMax: '1h', maxRetries: 4 },
            () => 1,
          ),
        { region: 'eu-south-1' },
      ),
    ),
  ).toBe('');
  expect(
    found(
      planned(
        {},
        (app) => app.task('hello', { retryBackoff: 60, retryBackoffMax: '1h', maxRetries: 6 }, () => 1),
        { region: 'eu-south-1' },
      ),
    ),
  ).toBe('');
  expect(
    found(
      planned({}, (app) => app.task('hello', { defaultRetryDelay: '15m' }, () => 1), {
        region: 'eu-south-1',
      }),
    ),
  ).toBe('');
  expect(
    found(
      planned({}, (app) => app.task('hello', { defaultRetryDelay: '1h' }, () => 1), { region: 'eu-west-1' }),
    ),
  ).toBe('');
  expect(found(planned({}, (app) => app.task('hello', { defaultRetryDelay: '1h' }, () => 1)))).toBe('');
  expect(
    found(
      planned({}, (app) => app.task('hello', { defaultRetryDelay: '1h', maxRetries: 0 }, () => 1), {
        region: 'eu-south-1',
      }),
    ),
  ).toBe('');
});
