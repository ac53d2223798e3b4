import { expect, test } from 'vitest';
import { found, planned } from './plans.ts';

test('queue-exists', () => {
  expect(found(planned({ routes: { hello: 'mails' } }))).toBe(`\
ERROR queue-exists: route 'hello'
  found   queue 'mails', which the app does not have
  wanted  one of its queues: default
  do      Add 'mails' to the app's option queues, or correct the name.
  see     https://docs.celeryq.dev/en/stable/userguide/routing.html#automatic-routing`);
  expect(found(planned({ queues: { mails: {} }, routes: () => 'mail' }))).toBe(`\
ERROR queue-exists: task 'hello'
  found   queue 'mail', which the app does not have
  wanted  one of its queues: default, mails
  do      Add 'mail' to the app's option queues, or correct the name.
  see     https://docs.celeryq.dev/en/stable/userguide/routing.html#automatic-routing`);
  expect(
    found({
      ...planned(),
      tasks: planned().tasks.map((task) => ({ ...task, queue: 'mails', queueBy: 'task' as const })),
    }),
  ).toBe(`\
ERROR queue-exists: task 'hello'
  found   queue 'mails', which the app does not have
  wanted  one of its queues: default
  do      Add 'mails' to the app's option queues, or correct the name.
  see     https://docs.celeryq.dev/en/stable/userguide/routing.html#automatic-routing`);
  expect(found(planned({ queues: { mails: {} }, routes: { hello: { queue: 'mails' } } }))).toBe('');
});

test('queue-unused', () => {
  expect(found(planned({ queues: { mails: {} } }))).toBe(`\
WARNING queue-unused: queue 'mails'
  found   no task, route or beat entry that leads there
  wanted  a queue that something is sent to: each one is polled all day
  do      Take it out; or accept 'queue-unused:mails' where calls name it themselves.
  see     https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html`);
  expect(found(planned({ queues: { mails: { runOn: 'celery' } } }))).toBe('');
  expect(found(planned({ queues: { mails: {} }, routes: () => undefined }))).toBe('');
  expect(found(planned({ defaultQueue: 'mails' }))).toBe('');
  expect(
    found(planned({ queues: { mails: {} } }, (app) => app.task('hello', { queue: 'mails' }, () => 1))),
  ).toBe('');
});

test('route-unused', () => {
  expect(found(planned({ routes: { 'helo.*': 'default' } }))).toBe(`\
WARNING route-unused: route 'helo.*'
  found   no task of the app that goes by it
  wanted  a pattern that fits the names of the tasks meant for queue 'default', before any other that fits them
  do      Correct or remove it; or accept 'route-unused:helo.*' if it is for tasks that live elsewhere.
  see     https://docs.celeryq.dev/en/stable/userguide/routing.html#automatic-routing`);
  expect(found(planned({ routes: [{ 'h*': 'default' }, { hello: 'default' }] }))).toBe(`\
WARNING route-unused: route 'hello'
  found   no task of the app that goes by it
  wanted  a pattern that fits the names of the tasks meant for queue 'default', before any other that fits them
  do      Correct or remove it; or accept 'route-unused:hello' if it is for tasks that live elsewhere.
  see     https://docs.celeryq.dev/en/stable/userguide/routing.html#automatic-routing`);
  expect(
    found(
      planned({ queues: { python: { runOn: 'celery' } }, routes: { 'py.*': 'python', 'h*': 'default' } }),
    ),
  ).toBe('');
});

test('task-runner', () => {
  expect(found(planned({ queues: { python: { runOn: 'celery' } }, routes: { 'h*': 'python' } }))).toBe(`\
WARNING task-runner: task 'hello'
  found   queue 'python', which a Celery worker in Python serves
  wanted  a queue with another runOn: the app's own function for this task never runs there
  do      Route it to a queue of the app's own; or define it in Python only, and call it by app.sendTask or app.signature.
  see     https://docs.celeryq.dev/en/stable/userguide/calling.html#routing-options`);
  expect(found(planned({ queues: { own: { runOn: 'server' } }, routes: { 'h*': 'own' } }))).toBe('');
});

test('task-time-limit', () => {
  expect(found(planned({}, (app) => app.task('report', { timeLimit: '1m' }, () => 1)))).toBe(`\
ERROR task-time-limit: task 'report'
  found   a timeLimit of 60 s on queue 'default', whose own is 30 s
  wanted  at most 30 s: a worker ends each run there
  do      Give queue 'default' a timeLimit of 60 s, or the task a queue of its own with that.
  see     https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html`);
  expect(found(planned({}, (app) => app.task('film', { timeLimit: '20m' }, () => 1)))).toBe(`\
ERROR task-time-limit: task 'film'
  found   a timeLimit of 20 min on queue 'default', whose own is 30 s
  wanted  at most 30 s: a worker ends each run there
  do      Send it to a queue with runOn: 'fargate', since a function has no more than 14 min for a task.
  see     https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html`);
  expect(
    found(
      planned(
        { queues: { films: { runOn: 'fargate', timeLimit: '30m' } }, routes: { film: 'films' } },
        (app) => app.task('film', { timeLimit: '31m' }, () => 1),
      ),
    ),
  ).toBe(`\
ERROR task-time-limit: task 'film'
  found   a timeLimit of 31 min on queue 'films', whose own is 30 min
  wanted  at most 30 min: a worker ends each run there
  do      Give queue 'films' a timeLimit of 31 min, or the task a queue of its own with that.
  see     https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html`);
  expect(found(planned({}, (app) => app.task('report', { timeLimit: '14m' }, () => 1)))).toBe(`\
ERROR task-time-limit: task 'report'
  found   a timeLimit of 14 min on queue 'default', whose own is 30 s
  wanted  at most 30 s: a worker ends each run there
  do      Give queue 'default' a timeLimit of 14 min, or the task a queue of its own with that.
  see     https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html`);
  expect(
    found(
      planned({ queues: { python: { runOn: 'celery' } } }, (app) =>
        app.task('py', { queue: 'python', softTimeLimit: '1h', timeLimit: '2h' }, () => 1),
      ),
    ),
  ).toBe(`\
WARNING task-runner: task 'py'
  found   queue 'python', which a Celery worker in Python serves
  wanted  a queue with another runOn: the app's own function for this task never runs there
  do      Route it to a queue of the app's own; or define it in Python only, and call it by app.sendTask or app.signature.
  see     https://docs.celeryq.dev/en/stable/userguide/calling.html#routing-options`);
  expect(found(planned({}, (app) => app.task('report', { timeLimit: '30s' }, () => 1)))).toBe('');
});

test('task-soft-limit', () => {
  expect(found(planned({}, (app) => app.task('report', { softTimeLimit: '30s' }, () => 1)))).toBe(`\
WARNING task-soft-limit: task 'report'
  found   a softTimeLimit of 30 s, and a run on queue 'default' ends after 30 s
  wanted  less than 30 s: later, its signal aborts when nobody waits for the task any more
  do      Lower softTimeLimit, or raise the task's timeLimit and its queue's.
  see     https://docs.celeryq.dev/en/stable/userguide/workers.html#time-limits`);
  expect(
    found(planned({}, (app) => app.task('report', { softTimeLimit: '10s', timeLimit: '10s' }, () => 1))),
  ).toBe(`\
WARNING task-soft-limit: task 'report'
  found   a softTimeLimit of 10 s, and a run on queue 'default' ends after 10 s
  wanted  less than 10 s: later, its signal aborts when nobody waits for the task any more
  do      Lower softTimeLimit, or raise the task's timeLimit and its queue's.
  see     https://docs.celeryq.dev/en/stable/userguide/workers.html#time-limits`);
  expect(found(planned({}, (app) => app.task('report', { softTimeLimit: '29s' }, () => 1)))).toBe('');
});
