import { describe, expect, test, vi } from 'vitest';
import { acceleratedClock } from '../../../local/accelerated-clock.ts';
import { functionArn, givenEndpoint, queueArn, recorder, role } from './world.ts';

const past = { ScheduleExpression: 'at(2026-01-02T03:04:05)' };
const arn = 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/schedule';
const context =
  '{"arn":"<aws.scheduler.schedule-arn>","time":"<aws.scheduler.scheduled-time>","id":"<aws.scheduler.execution-id>","attempt":"<aws.scheduler.attempt-number>","other":"<aws.scheduler.other>"}';
const filledIn = {
  arn,
  time: '2026-01-02T03:04:05Z',
  id: expect.stringMatching(/^[0-9a-f]{16}$/),
  attempt: '1',
  other: '<aws.scheduler.other>',
};

describe('a queue', () => {
  test('gets the input, with what AWS fills in', async () => {
    const { create, createQueue } = await givenEndpoint();
    const queue = await createQueue();

    await create({ ...past, Target: { Arn: queueArn, RoleArn: role, Input: context } });

    const [message] = await queue.receive(5);
    expect(JSON.parse(message?.Body ?? '')).toEqual(filledIn);
  });

  test('gets an event of AWS where there is no input', async () => {
    const { create, createQueue } = await givenEndpoint();
    const queue = await createQueue();

    await create({ ...past, Target: { Arn: queueArn, RoleArn: role } });

    const [message] = await queue.receive(5);
    expect(JSON.parse(message?.Body ?? '')).toMatchObject({
      source: 'aws.scheduler',
      'detail-type': 'Scheduled Event',
      time: '2026-01-02T03:04:05Z',
      resources: [arn],
    });
  });

  test('in order gets it in its message group', async () => {
    const { create, createQueue } = await givenEndpoint();
    const attributes = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };
    const queue = await createQueue('queue.fifo', attributes);
    const SqsParameters = { MessageGroupId: 'group-1' };

    await create({ ...past, Target: { Arn: `${queueArn}.fifo`, RoleArn: role, Input: 'x', SqsParameters } });

    const [message] = await queue.receive(5);
    expect(message?.Attributes).toMatchObject({ MessageGroupId: 'group-1' });
  });
});

test('the universal target sends what its input says, after its delay', async () => {
  const clock = acceleratedClock({ speed: 600, now: new Date('2026-11-21T08:00:00Z') });
  const { create, createQueue } = await givenEndpoint({ clock });
  const queue = await createQueue('other');
  const Input = JSON.stringify({
    QueueUrl: queue.url,
    MessageBody: '<aws.scheduler.scheduled-time>',
    DelaySeconds: 300,
    MessageAttributes: { kind: { DataType: 'String', StringValue: 'late' } },
  });
  const createdAt = clock.now();

  await create({
    ...past,
    Target: { Arn: 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage', RoleArn: role, Input },
  });

  const [message] = await vi.waitUntil(
    async () => {
      const messages = await queue.receive(20);
      return messages.length > 0 && messages;
    },
    { timeout: 10_000 },
  );
  expect(message).toMatchObject({
    Body: '2026-01-02T03:04:05Z',
    MessageAttributes: { kind: { StringValue: 'late' } },
  });
  expect(clock.now() - createdAt).toBeGreaterThanOrEqual(300_000);
});

describe('a function', () => {
  const Target = { Arn: functionArn('work'), RoleArn: role, Input: context };

  test('is called with the input, as JSON', async () => {
    const { calls, record } = recorder();
    const { create } = await givenEndpoint({ functions: { work: record } });

    await create({ ...past, Target });

    await vi.waitUntil(() => calls.length > 0);
    expect(calls).toEqual([filledIn]);
  });

  test('that throws is called again after one minute, and after two', async () => {
    const clock = acceleratedClock({ speed: 600 });
    const calls: { readonly at: number; readonly event: unknown }[] = [];
    const work = async (event: unknown) => {
      calls.push({ at: clock.now(), event });
      throw new Error('no');
    };
    const { create } = await givenEndpoint({ clock, functions: { work } });

    await create({ ...past, Target });
    await vi.waitUntil(() => calls.length === 3, { timeout: 10_000 });
    await clock.sleep(600_000);

    const [first = expect.fail(), second = expect.fail(), third = expect.fail(), ...others] = calls;
    expect(second.at - first.at).toBeGreaterThanOrEqual(60_000);
    expect(third.at - second.at).toBeGreaterThanOrEqual(120_000);
    expect(third.event).toEqual(first.event);
    expect(others).toEqual([]);
  });

  test('is not called again once it went well', async () => {
    const clock = acceleratedClock({ speed: 600 });
    let calls = 0;
    const work = async () => {
      calls += 1;
      if (calls === 1) throw new Error('not yet');
    };
    const { create } = await givenEndpoint({ clock, functions: { work } });

    await create({ ...past, Target });
    await vi.waitUntil(() => calls === 2, { timeout: 10_000 });
    await clock.sleep(300_000);

    expect(calls).toBe(2);
  });
});

describe('what cannot be delivered', () => {
  const DeadLetterConfig = { Arn: 'arn:aws:sqs:us-east-1:000000000000:dead' };

  test.for([
    ['a function that is not there', functionArn('nobody'), 'ResourceNotFoundException'],
    ['a queue that is not there', queueArn, 'QueueDoesNotExist'],
  ] as const)('to %s, goes to the dead-letter queue and says why', async ([, Arn, code]) => {
    const { create, createQueue } = await givenEndpoint();
    const dead = await createQueue('dead');

    await create({ ...past, Target: { Arn, RoleArn: role, Input: '{"a":1}', DeadLetterConfig } });

    const [message] = await dead.receive(5);
    const attributes = Object.entries(message?.MessageAttributes ?? {}).map(
      ([name, { StringValue }]) => [name, StringValue] as const,
    );
    expect(message?.Body).toBe('{"a":1}');
    expect(Object.fromEntries(attributes)).toEqual({
      ERROR_CODE: expect.stringContaining(code),
      ERROR_MESSAGE: expect.stringMatching(/\w/),
      EXECUTION_ID: expect.stringMatching(/^[0-9a-f]{16}$/),
      IS_PAYLOAD_TRUNCATED: 'false',
      RETRY_ATTEMPTS: '0',
      SCHEDULED_TIME: '2026-01-02T03:04:05Z',
      SCHEDULE_ARN: arn,
      TARGET_ARN: Arn,
    });
  });

  test('is lost where there is no such queue, and is told of', async () => {
    const warnings: string[] = [];
    const log = { warn: (message: string) => void warnings.push(message) };
    const silent = { ...log, debug: () => {}, info: () => {}, error: () => {}, child: () => silent };
    const { create } = await givenEndpoint({ log: silent });

    await create({ ...past, Target: { Arn: queueArn, RoleArn: role, Input: 'x', DeadLetterConfig } });
    await vi.waitUntil(() => warnings.length === 2);

    expect(warnings).toEqual([
      `The target of ${arn} could not be invoked.`,
      `Its dead-letter queue ${DeadLetterConfig.Arn} took no message either.`,
    ]);
  });
});
