import { ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { acceleratedClock } from '../../../local/accelerated-clock.ts';
import type { ScheduledMessage } from '../../../local/endpoint/scheduler/targets/scheduled-message.ts';
import {
  type SchedulerEndpointOptions,
  startSchedulerEndpoint,
} from '../../../local/endpoint/start-scheduler-endpoint.ts';
import { silentLogger } from '../../../sdk/log/logger.ts';
import { clientsOf, givenEndpoint, queueArn, role } from './world.ts';

const past = { ScheduleExpression: 'at(2026-01-02T03:04:05)' };

/** A scheduler of its own beside an endpoint that plays LocalStack. */
async function givenBoth(options: SchedulerEndpointOptions = {}) {
  const { endpoint } = await givenEndpoint();
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint.url);
  const beside = await startSchedulerEndpoint({ log: silentLogger, ...options });
  onTestFinished(() => beside.stop());
  return { endpoint, beside, ...clientsOf(endpoint.url, beside.url) };
}

beforeEach(() => {
  vi.stubEnv('AWS_ENDPOINT_URL_SQS', '');
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a scheduler beside another endpoint', () => {
  test('sends what is due to the queues over there', async () => {
    const { create, createQueue, endpoint } = await givenBoth();
    const queue = await createQueue();

    await create({
      ...past,
      Target: { Arn: queueArn, RoleArn: role, Input: '<aws.scheduler.scheduled-time>' },
    });

    const [message] = await queue.receive(5);
    expect(message?.Body).toBe('2026-01-02T03:04:05Z');
    expect(endpoint.traffic.count('Scheduler.CreateSchedule')).toBe(0);
  });

  test('sends by the universal target too, with all that belongs to a message', async () => {
    const { create, createQueue } = await givenBoth();
    const attributes = { FifoQueue: 'true' };
    const queue = await createQueue('other.fifo', attributes);
    const Input = JSON.stringify({
      QueueUrl: queue.url,
      MessageBody: 'hello',
      MessageGroupId: 'group',
      MessageDeduplicationId: 'once',
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'x' } },
    });

    await create({
      ...past,
      Target: { Arn: 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage', RoleArn: role, Input },
    });

    const [message] = await queue.receive(5);
    expect(message).toMatchObject({
      Body: 'hello',
      Attributes: { MessageGroupId: 'group', MessageDeduplicationId: 'once' },
      MessageAttributes: { kind: { StringValue: 'x' } },
    });
  });

  test('tells the dead-letter queue of a queue that is not there', async () => {
    const { create, createQueue } = await givenBoth();
    const dead = await createQueue('dead');
    const DeadLetterConfig = { Arn: 'arn:aws:sqs:us-east-1:000000000000:dead' };

    await create({ ...past, Target: { Arn: queueArn, RoleArn: role, Input: 'x', DeadLetterConfig } });

    const [message] = await dead.receive(5);
    expect(message?.MessageAttributes).toMatchObject({
      ERROR_CODE: { StringValue: expect.stringContaining('QueueDoesNotExist') },
      RETRY_ATTEMPTS: { StringValue: '0' },
    });
  });

  test('answers nothing but requests for a scheduler', async () => {
    const { beside } = await givenBoth();

    const page = await fetch(`${beside.url}/index.html`);

    expect([page.status, await page.json()]).toMatchObject([501, { __type: 'NotImplemented' }]);
  });

  test('listens at the port it is given, and lets it go', async () => {
    const first = await startSchedulerEndpoint();
    await expect(startSchedulerEndpoint({ port: first.port })).rejects.toThrow(/EADDRINUSE/);
    await first.stop();

    await using second = await startSchedulerEndpoint({ port: first.port });

    expect(second.url).toBe(first.url);
    const { scheduler } = clientsOf(second.url);
    expect((await scheduler.send(new ListSchedulesCommand())).Schedules).toEqual([]);
  });
});

describe('a delivery that fails', () => {
  const DeadLetterConfig = { Arn: 'arn:aws:sqs:us-east-1:000000000000:dead' };

  /** A scheduler whose queue fails so often. */
  async function given(failures: number, RetryPolicy: object = {}, speed = 600) {
    const clock = acceleratedClock({ speed });
    const sent: (ScheduledMessage & { readonly at: number })[] = [];
    const send = async (message: ScheduledMessage) => {
      sent.push({ ...message, at: clock.now() });
      if (sent.length <= failures) throw new Error('the queue is closed');
    };
    const beside = await startSchedulerEndpoint({ clock, send, log: silentLogger });
    onTestFinished(() => beside.stop());
    const Input = '<aws.scheduler.attempt-number>';
    const Target = { Arn: queueArn, RoleArn: role, Input, DeadLetterConfig, RetryPolicy };
    await clientsOf(beside.url).create({ ...past, Target });
    const dead = () => sent.find((message) => message.queueArn === DeadLetterConfig.Arn);
    return { clock, sent, dead };
  }

  test('is tried again, with longer and longer pauses', async () => {
    const { clock, sent, dead } = await given(3);

    await vi.waitUntil(() => sent.length === 4, { timeout: 10_000 });
    await clock.sleep(60_000);

    const [first = 0, second = 0, third = 0, fourth = 0] = sent.map(({ at }) => at);
    expect(sent.map(({ body }) => body)).toEqual(['1', '2', '3', '4']);
    expect(second - first).toBeGreaterThanOrEqual(1_000);
    expect(third - second).toBeGreaterThanOrEqual(2_000);
    expect(fourth - third).toBeGreaterThanOrEqual(4_000);
    expect(dead()).toBeUndefined();
  });

  test('ends in the dead-letter queue after its last retry', async () => {
    const { sent, dead } = await given(3, { MaximumRetryAttempts: 2 });

    await vi.waitUntil(dead, { timeout: 10_000 });

    expect(sent).toHaveLength(4);
    expect(dead()).toMatchObject({
      body: '3',
      attributes: {
        ERROR_MESSAGE: 'the queue is closed',
        EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
        RETRY_ATTEMPTS: '2',
      },
    });
  });

  test('ends there at once without any retry', async () => {
    const { dead } = await given(1, { MaximumRetryAttempts: 0 });

    await vi.waitUntil(dead, { timeout: 10_000 });

    expect(dead()?.attributes).toMatchObject({ RETRY_ATTEMPTS: '0' });
  });

  test('ends there when it has become too old', async () => {
    const { dead } = await given(6, { MaximumEventAgeInSeconds: 60 }, 60);

    await vi.waitUntil(dead, { timeout: 10_000 });

    expect(dead()?.attributes).toMatchObject({
      EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds',
      // After 1, 3, 7, 15 and 31 seconds; the next one would come after 63.
      RETRY_ATTEMPTS: '5',
    });
  });

  test('is given up when the scheduler stops', async () => {
    const clock = acceleratedClock({ speed: 1 });
    let sent = 0;
    const send = async () => {
      sent += 1;
      throw new Error('no');
    };
    const beside = await startSchedulerEndpoint({ clock, send, log: silentLogger });
    await clientsOf(beside.url).create({ ...past, Target: { Arn: queueArn, RoleArn: role, Input: 'x' } });
    await vi.waitUntil(() => sent === 1);

    await beside.stop();

    expect(sent).toBe(1);
  });
});
