import { expect, test } from 'vitest';
import { changed, found, planned } from './plans.ts';

test('queue-served', () => {
  expect(
    found(changed(planned({ queues: { default: { lanes: 2 } } }), { source: { isEnabled: false } })),
  ).toBe(`\
WARNING queue-served: queue 'default', lane 'urgent'; queue 'default', lane 'normal'
  found   an event source that is switched off
  wanted  one that polls: otherwise its calls wait, and are deleted when the retention is over
  do      Switch it on again; or accept 'queue-served:default' while it is meant to rest.
  see     https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html`);
  expect(
    found({
      ...planned(),
      queues: planned().queues.map((queue) => ({
        ...queue,
        lanes: queue.lanes.map((lane) => ({ ...lane, source: null })),
      })),
    }),
  ).toBe(`\
ERROR queue-served: queue 'default'
  found   no event source
  wanted  one that polls: otherwise its calls wait, and are deleted when the retention is over
  do      Take back what removed it; or say who serves the queue: the app's option runOn.
  see     https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html`);
  expect(found(planned({ queues: { default: { runOn: 'server' } } }))).toBe('');
});

test('batch-failures', () => {
  expect(found(changed(planned(), { source: { reportsBatchItemFailures: false } }))).toBe(`\
ERROR batch-failures: queue 'default'
  found   an event source without ReportBatchItemFailures
  wanted  that function response type: without it, messages that were to come again are deleted with their batch
  do      Take back what removed it.
  see     https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting`);
});

test('batch-size', () => {
  expect(found(changed(planned(), { source: { batchSize: 11 } }))).toBe(`\
ERROR batch-size: queue 'default'
  found   a batch size of 11 without a batch window
  wanted  a window of at least 1 s for more than 10 messages
  do      Give the app's queue batchWindow: '1s'.
  see     https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html`);
  expect(
    found(
      changed(planned(), {
        source: { batchSize: 10_001, batchWindowSeconds: 301 },
        lane: { visibilitySeconds: 1_000 },
      }),
    ),
  ).toBe(`\
ERROR batch-size: queue 'default'
  found   a batch size of 10,001
  wanted  from 1 to 10,000
  do      Correct batchSize of the app's queue.
  see     https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html

ERROR batch-size: queue 'default'
  found   a batch window of 301 s
  wanted  from 0 s to 5 min
  do      Correct batchWindow of the app's queue.
  see     https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html`);
  expect(found(changed(planned(), { source: { batchSize: 0 } }))).toBe(`\
ERROR batch-size: queue 'default'
  found   a batch size of 0
  wanted  from 1 to 10,000
  do      Correct batchSize of the app's queue.
  see     https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html`);
  expect(found(changed(planned({ queues: { default: { lanes: 3 } } }), { source: { batchSize: 0 } }))).toBe(`\
ERROR batch-size: queue 'default', lane 'urgent'; queue 'default', lane 'normal'; queue 'default', lane 'low'
  found   a batch size of 0
  wanted  from 1 to 10,000
  do      Correct batchSize of the app's queue.
  see     https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html`);
  expect(
    found(
      changed(planned(), {
        source: { batchSize: 10_000, batchWindowSeconds: 1 },
        lane: { visibilitySeconds: 193 },
      }),
    ),
  ).toBe('');
});

test('batch-time', () => {
  expect(found(changed(planned(), { function: { timeoutSeconds: 31 } }))).toBe(`\
ERROR batch-time: the function of queue 'default'
  found   a timeout of 31 s, for tasks of up to 30 s
  wanted  at least 32 s: Lambda would kill it before the time limit is met and the outcome is stored
  do      Lower timeLimit of the app's queue 'default', or leave the timeout to the app.
  see     https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html`);
  expect(
    found(
      changed(planned({ queues: { default: { timeLimit: '14m' } } }), {
        function: { timeoutSeconds: 900 },
        lane: { visibilitySeconds: 5_400 },
      }),
    ),
  ).toBe('');
});

test('concurrency-limits', () => {
  expect(found(changed(planned(), { source: { maximumConcurrency: 1 } }))).toBe(`\
ERROR concurrency-limits: queue 'default'
  found   a MaximumConcurrency of 1
  wanted  from 2 to 1,000
  do      Correct concurrency of the app's queue. For one at a time give the task concurrency: { limit: 1 }.
  see     https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html#events-sqs-max-concurrency`);
  expect(
    found(
      changed(planned({}, undefined, { accountConcurrency: 2_000 }), {
        source: { maximumConcurrency: 1_001 },
      }),
    ),
  ).toBe(`\
ERROR concurrency-limits: queue 'default'
  found   a MaximumConcurrency of 1,001
  wanted  from 2 to 1,000
  do      Correct concurrency of the app's queue. For one at a time give the task concurrency: { limit: 1 }.
  see     https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html#events-sqs-max-concurrency`);
  expect(found(changed(planned(), { source: { maximumConcurrency: 1_000 } }))).toBe('');
});

test('provisioned-mode', () => {
  expect(
    found(
      changed(planned({ queues: { default: { concurrency: 10 } } }), {
        source: { provisioned: { minimum: 2, maximum: 20 } },
      }),
    ),
  ).toBe(`\
ERROR provisioned-mode: queue 'default'
  found   provisioned pollers beside a MaximumConcurrency of 10
  wanted  one of the two: Lambda takes either
  do      Leave out concurrency of the app's queue: each poller has at most 10 batches at once.
  see     https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html`);
  expect(found(changed(planned(), { source: { provisioned: { minimum: 1, maximum: 20 } } }))).toBe(`\
ERROR provisioned-mode: queue 'default'
  found   1 to 20 provisioned pollers
  wanted  a minimum from 2 to 200, a maximum from 2 to 2,000, and no less than the minimum
  do      Correct provisionedPollers of the construct.
  see     https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html`);
  expect(
    found(
      changed(planned({}, undefined, { accountConcurrency: 30_000 }), {
        source: { provisioned: { minimum: 200, maximum: 2_001 } },
      }),
    ),
  ).toBe(`\
ERROR provisioned-mode: queue 'default'
  found   200 to 2,001 provisioned pollers
  wanted  a minimum from 2 to 200, a maximum from 2 to 2,000, and no less than the minimum
  do      Correct provisionedPollers of the construct.
  see     https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html

WARNING in-flight: queue 'default'
  found   up to 20,010 batches of 10 messages, 200,100 at once
  wanted  at most 120,000: SQS hands out no more before some are deleted
  do      Lower batchSize or concurrency, or divide the work among several queues.
  see     https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html`);
  expect(found(changed(planned(), { source: { provisioned: { minimum: 21, maximum: 20 } } }))).toBe(`\
ERROR provisioned-mode: queue 'default'
  found   21 to 20 provisioned pollers
  wanted  a minimum from 2 to 200, a maximum from 2 to 2,000, and no less than the minimum
  do      Correct provisionedPollers of the construct.
  see     https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html`);
  expect(found(changed(planned(), { source: { provisioned: { minimum: 20, maximum: 20 } } }))).toBe('');
});

test('in-flight', () => {
  expect(
    found(planned({ queues: { default: { concurrency: 13, batchSize: 10_000, batchWindow: '1s' } } })),
  ).toBe(`\
WARNING in-flight: queue 'default'
  found   up to 13 batches of 10,000 messages, 130,000 at once
  wanted  at most 120,000: SQS hands out no more before some are deleted
  do      Lower batchSize or concurrency, or divide the work among several queues.
  see     https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html`);
  expect(
    found(planned({ queues: { default: { concurrency: 12, batchSize: 10_000, batchWindow: '1s' } } })),
  ).toBe('');
});

test('function-limits', () => {
  expect(
    found(
      changed(planned(), {
        function: { timeoutSeconds: 901, memoryMiB: 127 },
        lane: { visibilitySeconds: 6_000 },
      }),
    ),
  ).toBe(`\
ERROR function-limits: the function of queue 'default'
  found   a timeout of 901 s
  wanted  from 1 s to 15 min
  do      Send longer tasks to a queue with runOn: 'fargate'.
  see     https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html

ERROR function-limits: the function of queue 'default'
  found   127 MiB of memory
  wanted  from 128 to 10,240
  do      Correct memoryMiB of the app's queue.
  see     https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html`);
  expect(found(changed(planned(), { function: { memoryMiB: 10_241 } }))).toBe(`\
ERROR function-limits: the function of queue 'default'
  found   10,241 MiB of memory
  wanted  from 128 to 10,240
  do      Correct memoryMiB of the app's queue.
  see     https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html`);
  expect(
    found(
      changed(planned(), {
        function: { timeoutSeconds: 900, memoryMiB: 10_240 },
        lane: { visibilitySeconds: 5_400 },
      }),
    ),
  ).toBe('');
});

test('recursive-loop', () => {
  expect(found(changed(planned(), { function: { mayLoop: false } }))).toBe(`\
ERROR recursive-loop: the function of queue 'default'
  found   Lambda's recursive loop detection, which ends loops
  wanted  RecursiveLoop: Allow: after about 16 retries or steps of a chain Lambda drops the message
  do      Take back what changed it. A task's own maxRetries is the limit.
  see     https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html`);
});

test('reserved-concurrency', () => {
  expect(found(changed(planned(), { function: { reservedConcurrency: 901 } }))).toBe(`\
ERROR reserved-concurrency: the function of queue 'default'
  found   a reserved concurrency of 901, in an account with 1,000
  wanted  at most 900: Lambda keeps 100 for functions without one
  do      Use the queue's concurrency instead, or have the account's quota raised.
  see     https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html`);
  expect(
    found(changed(planned({ queues: { default: { lanes: 2 } } }), { function: { reservedConcurrency: 9 } })),
  ).toBe(`\
WARNING reserved-concurrency: the function of queue 'default'
  found   a reserved concurrency of 9, and up to 10 batches at once
  wanted  at least 10: what is received beyond it is throttled, waits for the visibility timeout and counts as received
  do      Set the queue's concurrency, which its event source obeys, instead of the function's reserve.
  see     https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html`);
  expect(
    found(
      changed(planned({ queues: { default: { concurrency: 20, lanes: 2 } } }), {
        function: { reservedConcurrency: 19 },
      }),
    ),
  ).toBe(`\
WARNING reserved-concurrency: the function of queue 'default'
  found   a reserved concurrency of 19, and up to 20 batches at once
  wanted  at least 20: what is received beyond it is throttled, waits for the visibility timeout and counts as received
  do      Set the queue's concurrency, which its event source obeys, instead of the function's reserve.
  see     https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html`);
  expect(
    found(
      changed(planned({ queues: { default: { concurrency: 20, lanes: 2 } } }), {
        function: { reservedConcurrency: 20 },
      }),
    ),
  ).toBe('');
  expect(found(changed(planned(), { function: { reservedConcurrency: 900 } }))).toBe('');
});

test('account-concurrency', () => {
  expect(
    found(
      planned({ queues: { default: { concurrency: 996, lanes: 2 }, bulk: {} }, routes: { hello: 'bulk' } }),
    ),
  ).toBe(`\
WARNING account-concurrency: app 'store'
  found   up to 1,001 batches at once, of queue 'default', lane 'urgent': 498; queue 'default', lane 'normal': 498; queue 'bulk': 5
  wanted  at most 1,000, the concurrency of the account: beyond it every function of the account is throttled
  do      Lower concurrency of the app's queues, or have the account's quota raised and say so: accountConcurrency.
  see     https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html`);
  expect(found(planned({ queues: { default: { lanes: 3 } } }, undefined, { accountConcurrency: 10 }))).toBe(`\
WARNING account-concurrency: app 'store'
  found   up to 15 batches at once, of queue 'default', lane 'urgent': 5; queue 'default', lane 'normal': 5; queue 'default', lane 'low': 5
  wanted  at most 10, the concurrency of the account: beyond it every function of the account is throttled
  do      Lower concurrency of the app's queues, or have the account's quota raised and say so: accountConcurrency.
  see     https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html`);
  expect(found(changed(planned(), { source: { provisioned: { minimum: 2, maximum: 101 } } }))).toBe(`\
WARNING account-concurrency: app 'store'
  found   up to 1,010 batches at once, of queue 'default': 1,010
  wanted  at most 1,000, the concurrency of the account: beyond it every function of the account is throttled
  do      Lower concurrency of the app's queues, or have the account's quota raised and say so: accountConcurrency.
  see     https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html`);
  expect(
    found(planned({ queues: { default: { concurrency: 995 }, bulk: {} }, routes: { hello: 'bulk' } })),
  ).toBe('');
});

test('stop-timeout', () => {
  expect(
    found(
      changed(planned({ queues: { default: { runOn: 'fargate' } } }), {
        containers: { stopTimeoutSeconds: 121 },
      }),
    ),
  ).toBe(`\
ERROR stop-timeout: the containers of queue 'default'
  found   a stop timeout of 121 s
  wanted  from 2 s to 2 min on Fargate
  do      Leave it to the construct. A task that is stopped begins anew in another container.
  see     https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html`);
  expect(
    found(
      changed(planned({ queues: { default: { runOn: 'fargate' } } }), {
        containers: { stopTimeoutSeconds: 30, graceSeconds: 30 },
      }),
    ),
  ).toBe(`\
WARNING stop-timeout: the containers of queue 'default'
  found   a stop timeout of 30 s, and a worker that gives its tasks 30 s
  wanted  more than the worker takes: it is killed before it has given its messages back, and they stay hidden for a while
  do      Raise the container's stopTimeout, or lower --grace of its worker.
  see     https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html`);
  expect(
    found(
      changed(planned({ queues: { default: { runOn: 'fargate' } } }), {
        containers: { stopTimeoutSeconds: 120, graceSeconds: 119 },
      }),
    ),
  ).toBe('');
});

test('fargate-vcpus', () => {
  expect(
    found(
      planned(
        {
          queues: {
            films: { runOn: 'fargate', concurrency: 3, cpuUnits: 2_048, memoryMiB: 4_096 },
            songs: { runOn: 'fargate', concurrency: 1 },
          },
          routes: { 'f*': 'films', 's*': 'songs' },
        },
        (app) => [app.task('film', () => 1), app.task('song', () => 1)],
      ),
    ),
  ).toBe(`\
WARNING fargate-vcpus: app 'store'
  found   up to 6.25 virtual CPUs, of queue 'films': 3 containers of 2; queue 'songs': 1 container of 0.25
  wanted  at most 6, Fargate's quota in a region: it starts no more containers
  do      Lower concurrency or cpuUnits of these queues, or have the quota raised and say so: fargateVcpus.
  see     https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html`);
  expect(
    found(
      planned({
        queues: { films: { runOn: 'fargate', concurrency: 3, cpuUnits: 2_048, memoryMiB: 4_096 } },
        routes: { 'h*': 'films' },
      }),
    ),
  ).toBe('');
  expect(
    found(
      planned(
        {
          queues: { films: { runOn: 'fargate', concurrency: 4, cpuUnits: 2_048, memoryMiB: 4_096 } },
          routes: { 'h*': 'films' },
        },
        undefined,
        { fargateVcpus: 8 },
      ),
    ),
  ).toBe('');
});
