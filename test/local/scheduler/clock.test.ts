import {
  ChangeMessageVisibilityCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { acceleratedClock } from '../../../local/accelerated-clock.ts';
import { startLocalCloud } from '../../../local/local-cloud.ts';
import { ConfigurationError } from '../../../sdk/errors/index.ts';
import { silentLogger, Tallo } from '../../../sdk/index.ts';
import { givenEndpoint } from './world.ts';

const start = new Date('2031-05-05T08:00:00Z');
const second = 1_000;

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Milliseconds on the machine's clock. */
async function realTime(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

describe('an accelerated clock', () => {
  test('starts where it should, and runs so many times faster', async () => {
    const clock = acceleratedClock({ speed: 1_000, now: start });

    const slept = await realTime(() => clock.sleep(200 * second));

    expect(clock.now()).toBeGreaterThanOrEqual(start.getTime() + 200 * second);
    expect(slept).toBeGreaterThanOrEqual(200);
    expect(slept).toBeLessThan(20_000);
  });

  test('starts now unless told otherwise, in whole milliseconds', () => {
    const before = Date.now();

    const now = acceleratedClock({ speed: 1.5 }).now();

    expect(now).toBeGreaterThanOrEqual(before);
    expect(Number.isInteger(now)).toBe(true);
  });

  test('never rings early, however fast it is', async () => {
    const clock = acceleratedClock({ speed: 86_400 });
    const slept = (milliseconds: number) => {
      const due = clock.now() + milliseconds;
      return clock.sleep(milliseconds).then(() => clock.now() - due);
    };

    // A timer of Node is early about once in ten times: by a part of a millisecond, which is a minute here.
    const late = await Promise.all(Array.from({ length: 500 }, (_, index) => slept(index * 37 * second)));

    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
  });

  test('rings only what nobody has cancelled', async () => {
    const clock = acceleratedClock({ speed: 1_000 });
    const rung: string[] = [];
    clock.after(50 * second, () => rung.push('rung'));
    const cancel = clock.after(10 * second, () => rung.push('cancelled'));

    cancel();
    await clock.sleep(100 * second);

    expect(rung).toEqual(['rung']);
  });

  test('stops a sleep when its signal aborts', async () => {
    const clock = acceleratedClock({ speed: 2 });
    const stopping = new AbortController();
    const sleeping = clock.sleep(3_600 * second, stopping.signal);

    stopping.abort(new Error('enough'));

    await expect(sleeping).rejects.toThrow('enough');
    await expect(clock.sleep(1, stopping.signal)).rejects.toThrow('enough');
  });

  test('waits for longer than a timer of Node can', async () => {
    const clock = acceleratedClock({ speed: 1 });
    let hasRung = false;
    const cancel = clock.after(2 ** 31 + 1_000, () => {
      hasRung = true;
    });

    await new Promise((resolve) => setTimeout(resolve, 20));
    cancel();

    expect(hasRung).toBe(false);
  });

  test('starts when somebody looks at it first', async () => {
    const clock = acceleratedClock({ speed: 1_000_000, now: start });

    await wait(20);

    expect(clock.now()).toBe(start.getTime());
  });

  test('can stand still, for several at once, and rings nothing meanwhile', async () => {
    const clock = acceleratedClock({ speed: 1_000, now: start });
    const seen: (number | string)[] = [];
    const look = (milliseconds: number) =>
      clock.standStill(async () => {
        await wait(milliseconds);
        seen.push(clock.now() - start.getTime());
      });

    const looks = Promise.all([
      look(10),
      look(60),
      clock.standStill(() => Promise.reject(start)).catch(() => {}),
    ]);
    clock.after(20 * second, () => seen.push('rung'));
    await looks;
    await clock.sleep(30 * second);

    expect(seen).toEqual([0, 0, 'rung']);
    expect(clock.now() - start.getTime()).toBeGreaterThanOrEqual(30 * second);
  });

  test.for([{ speed: 0 }, { speed: -1 }, { speed: Number.NaN }, { speed: 1, now: new Date('never') }])(
    'refuses %o',
    (options) => {
      expect(() => acceleratedClock(options)).toThrow(ConfigurationError);
    },
  );
});

describe('SQS on an accelerated clock', () => {
  async function given(speed = 600) {
    const clock = acceleratedClock({ speed, now: start });
    const { sqs, createQueue } = await givenEndpoint({ clock });
    const { url: QueueUrl } = await createQueue('queue', { VisibilityTimeout: '300' });
    const receive = async (changes: Partial<ReceiveMessageCommandInput> = {}) => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['All'], ...changes }),
      );
      return Messages;
    };
    /** Polls until there is one. */
    const next = async (changes: Partial<ReceiveMessageCommandInput> = {}) => {
      for (;;) {
        const [message] = await receive({ WaitTimeSeconds: 20, ...changes });
        if (message) return message;
      }
    };
    return { clock, sqs, QueueUrl, receive, next };
  }

  test('delays pass as fast as the clock, and never faster', async () => {
    const { clock, sqs, QueueUrl, receive, next } = await given();
    const sentAt = clock.now();
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'one', DelaySeconds: 600 }));
    const Entries = [{ Id: '1', MessageBody: 'two', DelaySeconds: 300 }];
    const { Successful } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));

    const atOnce = await receive();
    const first = await next();
    const firstAt = clock.now();
    const second2 = await next();

    expect(atOnce).toEqual([]);
    expect([first.Body, second2.Body]).toEqual(['two', 'one']);
    expect(first.MessageId).toBe(Successful?.[0]?.MessageId);
    expect(firstAt - sentAt).toBeGreaterThanOrEqual(300 * second);
    expect(clock.now() - sentAt).toBeGreaterThanOrEqual(600 * second);
  });

  test('the delay of the queue itself is one too', async () => {
    const clock = acceleratedClock({ speed: 600, now: start });
    const { sqs, createQueue } = await givenEndpoint({ clock });
    const queue = await createQueue('slow', { DelaySeconds: '300' });
    const sentAt = clock.now();
    await sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: 'x' }));

    expect(await queue.receive()).toEqual([]);
    await expect.poll(() => queue.receive(20), { timeout: 10_000 }).toHaveLength(1);
    expect(clock.now() - sentAt).toBeGreaterThanOrEqual(300 * second);
  });

  test('messages say when they were sent and first received, by the clock', async () => {
    const { clock, sqs, QueueUrl, next } = await given();
    const before = clock.now();
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', DelaySeconds: 60 }));
    const after = clock.now();

    const { Attributes } = await next();

    const sentAt = Number(Attributes?.SentTimestamp);
    expect(sentAt).toBeGreaterThanOrEqual(before);
    expect(sentAt).toBeLessThanOrEqual(after);
    expect(Number(Attributes?.ApproximateFirstReceiveTimestamp)).toBeGreaterThanOrEqual(sentAt + 60 * second);
  });

  test('what was received and not deleted comes again by the clock', async () => {
    const { clock, sqs, QueueUrl, receive, next } = await given();
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));

    await next();
    const receivedAt = clock.now();
    const hidden = await receive();
    const { ReceiptHandle, Attributes } = await next();
    const againAt = clock.now();
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 600 }));
    const changedAt = clock.now();
    const third = await next({ VisibilityTimeout: 0 });
    const thirdAt = clock.now();
    const fourth = await next();

    expect(hidden).toEqual([]);
    expect(againAt - receivedAt).toBeGreaterThanOrEqual(200 * second);
    expect(Attributes?.ApproximateReceiveCount).toBe('2');
    expect(thirdAt - changedAt).toBeGreaterThanOrEqual(500 * second);
    expect(third.Attributes?.ApproximateReceiveCount).toBe('3');
    expect(fourth.Attributes?.ApproximateReceiveCount).toBe('4');
  });

  test('a poll in vain is over by the clock, but takes a moment', async () => {
    const { receive } = await given(100_000);

    const took = await realTime(() => receive({ WaitTimeSeconds: 20 }));

    expect(took).toBeGreaterThanOrEqual(99);
    expect(took).toBeLessThan(15_000);
  });
});

test('a local cloud runs on it: countdowns, retries, results and what tasks see', async () => {
  const clock = acceleratedClock({ speed: 60, now: start });
  const app = new Tallo('fast');
  const starts: number[] = [];
  const flaky = app.task('flaky', { bind: true }, async (self) => {
    starts.push(clock.now());
    if (starts.length === 1) return self.retry({ countdown: 60 });
    return 'done';
  });
  await using cloud = await startLocalCloud(app, { clock, log: silentLogger });
  const calledAt = clock.now();

  const result = await flaky.applyAsync([], { countdown: 60 });
  const value = await result.get({ timeout: '20m' });

  const [first = expect.fail(), again = expect.fail()] = starts;
  expect(value).toBe('done');
  expect(first - calledAt).toBeGreaterThanOrEqual(60 * second);
  expect(again - first).toBeGreaterThanOrEqual(60 * second);
  expect(Number(await result.dateDone())).toBeGreaterThanOrEqual(again);
  expect(cloud.traffic.count('Scheduler.CreateSchedule')).toBe(0);
});

test('a local cloud meets times beyond 15 minutes', async () => {
  const clock = acceleratedClock({ speed: 600, now: start });
  const app = new Tallo('far', { queues: { default: { timeLimit: '10m' } } });
  const when = app.task('when', () => clock.now());
  await using cloud = await startLocalCloud(app, { clock, log: silentLogger });
  const eta = new Date(Math.ceil(clock.now() / second) * second + 3_600 * second);

  const at = await (await when.applyAsync([], { eta })).get({ timeout: '3h' });

  expect(at).toBeGreaterThanOrEqual(eta.getTime());
  expect(cloud.traffic.count('Scheduler.CreateSchedule')).toBe(1);
});
