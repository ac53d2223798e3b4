import { expect, test } from 'vitest';
import { changed, found, planned } from './plans.ts';

test('queue-limits', () => {
  expect(
    found(
      changed(planned(), {
        lane: { visibilitySeconds: 43_201, retentionSeconds: 1_209_601, maxReceives: 1_001 },
      }),
    ),
  ).toBe(`\
ERROR queue-limits: queue 'default'
  found   a visibility timeout of 43,201 s
  wanted  a whole number from 0 s to 12 h
  do      Leave the number to the app: it derives one that fits.
  see     https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html

ERROR queue-limits: queue 'default'
  found   a retention of 1,209,601 s
  wanted  a whole number from 60 s to 14 days
  do      Leave the number to the app: it derives one that fits.
  see     https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html

ERROR queue-limits: queue 'default'
  found   a maxReceiveCount of 1,001
  wanted  a whole number from 1 to 1,000
  do      Leave the number to the app: it derives one that fits.
  see     https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html`);
  expect(
    found(changed(planned(), { lane: { retentionSeconds: 59.5 }, deadLetters: { retentionSeconds: 59 } })),
  ).toBe(`\
ERROR queue-limits: queue 'default'
  found   a retention of 59.5 s
  wanted  a whole number from 60 s to 14 days
  do      Leave the number to the app: it derives one that fits.
  see     https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html

ERROR queue-limits: the dead-letter queue of queue 'default'
  found   a retention of 59 s
  wanted  a whole number from 60 s to 14 days
  do      Leave the number to the app: it derives one that fits.
  see     https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html

ERROR retention: queue 'default'
  found   a retention of 59.5 s
  wanted  at least 1,092 s: the longest ETA that waits in a queue, 15 min, and one delivery; a call would be deleted before it has run
  do      Leave it to the app: 14 days, the most that SQS has.
  see     https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-timers.html

ERROR dead-letter-retention: queue 'default'
  found   a retention of 59.5 s, and of 59 s in its dead-letter queue
  wanted  longer in the dead-letter queue: an old message is deleted as it gets there, for it keeps the time at which it was sent
  do      Leave it to the app: 14 days, the most that SQS has.
  see     https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html`);
  expect(found(changed(planned(), { lane: { visibilitySeconds: 43_200, maxReceives: 1_000 } }))).toBe('');
});

test('visibility-timeout', () => {
  expect(found(changed(planned(), { lane: { visibilitySeconds: 31 } }))).toBe(`\
ERROR visibility-timeout: queue 'default'
  found   a visibility timeout of 31 s, with a function's timeout of 32 s
  wanted  at least 32 s: a message would be delivered again while it runs, and Lambda refuses a timeout above it
  do      Leave visibilityTimeout out: the app derives 192 s.
  see     https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html`);
  expect(found(changed(planned(), { lane: { visibilitySeconds: 191 } }))).toBe(`\
WARNING visibility-timeout: queue 'default'
  found   a visibility timeout of 191 s, with a function's timeout of 32 s
  wanted  192 s, six times the timeout: throttled batches have time to be tried again
  do      Leave visibilityTimeout out: the app derives 192 s.
  see     https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html`);
  expect(
    found(
      changed(planned({ queues: { default: { batchSize: 100, batchWindow: '5m', lanes: 2 } } }), {
        lane: { visibilitySeconds: 331 },
      }),
    ),
  ).toBe(`\
ERROR visibility-timeout: queue 'default', lane 'urgent'; queue 'default', lane 'normal'
  found   a visibility timeout of 331 s, with a function's timeout of 32 s and a batch window of 5 min
  wanted  at least 332 s: a message would be delivered again while it runs, and Lambda refuses a timeout above it
  do      Leave visibilityTimeout out: the app derives 492 s.
  see     https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html`);
  expect(found(planned({ queues: { default: { visibilityTimeout: '32s' } } }))).toBe(`\
WARNING visibility-timeout: queue 'default'
  found   a visibility timeout of 32 s, with a function's timeout of 32 s
  wanted  192 s, six times the timeout: throttled batches have time to be tried again
  do      Leave visibilityTimeout out: the app derives 192 s.
  see     https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html`);
  expect(found(planned({ queues: { default: { visibilityTimeout: 192 } } }))).toBe('');
  expect(found(planned({ queues: { default: { batchSize: 100, batchWindow: '5m' } } }))).toBe('');
  expect(
    found(
      changed(
        planned({ queues: { default: { runOn: 'celery' } } }, () => undefined),
        { lane: { visibilitySeconds: 1 } },
      ),
    ),
  ).toBe('');
});

test('visibility-renewal', () => {
  expect(
    found(
      changed(planned({ queues: { default: { runOn: 'server' } } }), { lane: { visibilitySeconds: 79 } }),
    ),
  ).toBe(`\
ERROR visibility-renewal: queue 'default'
  found   a visibility timeout of 79 s, which its processes renew every 40 s
  wanted  at least 80 s: with less, another worker gets the message while it runs
  do      Set the app's option visibilityTimeout, which the processes know of, and not the queue's own.
  see     https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html`);
  expect(
    found(
      changed(planned({ queues: { default: { runOn: 'server' } } }), { lane: { visibilitySeconds: 80 } }),
    ),
  ).toBe('');
});

test('retention', () => {
  expect(found(changed(planned(), { lane: { retentionSeconds: 1_091 } }))).toBe(`\
ERROR retention: queue 'default'
  found   a retention of 1,091 s
  wanted  at least 1,092 s: the longest ETA that waits in a queue, 15 min, and one delivery; a call would be deleted before it has run
  do      Leave it to the app: 14 days, the most that SQS has.
  see     https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-timers.html`);
  expect(found(changed(planned(), { lane: { retentionSeconds: 1_092 } }))).toBe(`\
WARNING retention: queue 'default'
  found   a retention of 1,092 s
  wanted  at least 4 days: what waits longer is deleted, also when its worker is out of order over a weekend
  do      Leave it to the app: 14 days, the most that SQS has.
  see     https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-timers.html`);
  expect(found(changed(planned(), { lane: { retentionSeconds: 345_599 } }))).toBe(`\
WARNING retention: queue 'default'
  found   a retention of 345,599 s
  wanted  at least 4 days: what waits longer is deleted, also when its worker is out of order over a weekend
  do      Leave it to the app: 14 days, the most that SQS has.
  see     https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-timers.html`);
  expect(found(changed(planned(), { lane: { retentionSeconds: 345_600 } }))).toBe('');
});

test('dead-letter-queue', () => {
  expect(found(changed(planned(), { lane: { maxReceives: null } }))).toBe(`\
ERROR dead-letter-queue: queue 'default'
  found   no redrive policy
  wanted  one: otherwise a message that ends its worker comes again until it is deleted, and nobody learns of it
  do      Take back what removed it.
  see     https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html`);
  expect(found(changed(planned(), { queue: { deadLetters: null } }))).toBe(`\
ERROR dead-letter-queue: queue 'default'
  found   no dead-letter queue
  wanted  one: otherwise a message that ends its worker comes again until it is deleted, and nobody learns of it
  do      Take back what removed it.
  see     https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html`);
  expect(found(planned())).toBe('');
});

test('dead-letter-retention', () => {
  expect(found(changed(planned(), { deadLetters: { retentionSeconds: 1_209_599 } }))).toBe(`\
ERROR dead-letter-retention: queue 'default'
  found   a retention of 14 days, and of 1,209,599 s in its dead-letter queue
  wanted  longer in the dead-letter queue: an old message is deleted as it gets there, for it keeps the time at which it was sent
  do      Leave it to the app: 14 days, the most that SQS has.
  see     https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html`);
  expect(
    found(
      changed(planned(), { lane: { retentionSeconds: 864_000 }, deadLetters: { retentionSeconds: 864_000 } }),
    ),
  ).toBe(`\
WARNING dead-letter-retention: queue 'default'
  found   a retention of 10 days, and of 10 days in its dead-letter queue
  wanted  longer in the dead-letter queue: an old message has little time there, for it keeps the time at which it was sent
  do      Leave it to the app: 14 days, the most that SQS has.
  see     https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html`);
  expect(
    found(
      changed(planned(), { lane: { retentionSeconds: 864_000 }, deadLetters: { retentionSeconds: 864_001 } }),
    ),
  ).toBe('');
});

test('dead-letter-alarm', () => {
  expect(found(changed(planned(), { deadLetters: { hasAlarm: false } }))).toBe(`\
WARNING dead-letter-alarm: the dead-letter queue of queue 'default'
  found   no alarm on it
  wanted  an alarm when it is not empty: after 14 days the tasks in it are deleted
  do      Let the construct make its alarms, or alarm on ApproximateNumberOfMessagesVisible of that queue.
  see     https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/dead-letter-queues-alarms-cloudwatch.html`);
});

test('max-receives', () => {
  expect(found(changed(planned(), { lane: { maxReceives: 8 } }))).toBe(`\
WARNING max-receives: queue 'default'
  found   a maxReceiveCount of 8
  wanted  at least 9: 5 for deliveries that are only throttled, and 4 after which the worker itself buries a message and says why
  do      Leave it to the app: 100, as the last resort.
  see     https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html`);
  expect(found(changed(planned(), { lane: { maxReceives: 9 } }))).toBe('');
});

test('payload-lifetime', () => {
  expect(found({ ...planned(), payloads: [{ prefix: 'payloads/30d/', days: 30, keptDays: 29 }] })).toBe(`\
ERROR payload-lifetime: payloads below 'payloads/30d/'
  found   a bucket that deletes them after 29 days
  wanted  after 30 days: so long a call may be on the way, and it fails without its payload
  do      Take back what changed the bucket's lifecycle.
  see     https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html`);
  expect(
    found({
      ...planned(),
      payloads: [
        { prefix: 'payloads/30d/', days: 30, keptDays: 31 },
        { prefix: 'payloads/90d/', days: 90, keptDays: null },
      ],
    }),
  ).toBe(`\
WARNING payload-lifetime: payloads below 'payloads/30d/'
  found   a bucket that deletes them after 31 days
  wanted  after 30 days: what is kept longer is paid for, and no message refers to it
  do      Take back what changed the bucket's lifecycle.
  see     https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html

WARNING payload-lifetime: payloads below 'payloads/90d/'
  found   a bucket that never deletes them
  wanted  after 90 days: what is kept longer is paid for, and no message refers to it
  do      Take back what changed the bucket's lifecycle.
  see     https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html`);
  expect(found(planned({ payloadBucket: true }))).toBe('');
});

test('table-ttl', () => {
  expect(found({ ...planned(), table: { name: 'store-tasks', ttlAttribute: null } })).toBe(`\
WARNING table-ttl: table 'store-tasks'
  found   no time to live
  wanted  one by attribute 'ttl': otherwise results are kept, and paid for, for ever
  do      Take back what changed it.
  see     https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html`);
  expect(found({ ...planned(), table: { name: 'store-tasks', ttlAttribute: 'expires' } })).toBe(`\
WARNING table-ttl: table 'store-tasks'
  found   a time to live by attribute 'expires'
  wanted  one by attribute 'ttl': otherwise results are kept, and paid for, for ever
  do      Take back what changed it.
  see     https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html`);
});
