import type { SQSBatchResponse } from 'aws-lambda';
import { Interrupted, jsonLogger, Tallo, type TaskContext, TaskRevokedError } from 'tallo';
import { consumer } from 'tallo/functions';
import { type MemoryCloud, memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import type { InterruptibleContext } from '../../functions/consumer/interruption.ts';
import { sqsEvent } from '../../functions/event-source/sqs-event.ts';
import { Interruption } from '../../sdk/engine/time-limits.ts';

const origin = { queueName: 'studio-default', region: 'memory', account: '000000000000' };

/** An app in a cloud without a worker, whose messages are given to its consumer by hand. */
function studio() {
  const app = new Tallo('studio', { queues: { default: { runOn: 'server', timeLimit: '1h' } } });
  const lines: string[] = [];
  const log = jsonLogger({ level: 'info', write: (line) => lines.push(line) });
  const cloud = memoryCloud(app, { handler: false });
  const handle = consumer(app, { log });
  /** Receives the one message and works on it until it is answered, or `after` milliseconds have passed and it is interrupted. */
  const deliver = async (after: number | null): Promise<SQSBatchResponse> => {
    const [message] = cloud.queues.named('studio-default').take(1);
    if (!message) throw new Error('There is no message.');
    const interruption = new AbortController();
    const interrupt = () => interruption.abort(new Interruption('The worker stops.'));
    if (after === 0) interrupt();
    else if (after !== null) cloud.clock.after(after, interrupt);
    const context = {
      getRemainingTimeInMillis: () => 3_602_000,
      interruption: interruption.signal,
    } as InterruptibleContext;
    const answer = cloud.clock.occupied(() => handle(sqsEvent([message], origin), context));
    await cloud.clock.until(() => false);
    const response = await answer;
    const queue = cloud.queues.named('studio-default');
    if (response.batchItemFailures.length > 0) queue.hide(message.handle, 0);
    else queue.delete(message.handle);
    return response;
  };
  return { app, cloud, lines, deliver };
}

type Ending = (self: TaskContext, cloud: MemoryCloud) => Promise<unknown>;

const untilAborted: Ending = async ({ signal }, { clock }) => clock.sleep(3_000_000, signal);

/** Ways in which a run may end when its signal aborts. */
const endings: readonly (readonly [string, Ending])[] = [
  ['lets the reason pass', untilAborted],
  [
    'throws an error of its own',
    (...args) =>
      untilAborted(...args).catch(() => {
        throw new Error('half done');
      }),
  ],
  [
    'asks for a retry',
    (self, cloud) => untilAborted(self, cloud).catch((exc: unknown) => self.retry({ exc: exc as Error })),
  ],
  ['does not heed its signal', (_self, { clock }) => clock.sleep(3_000_000)],
];

describe('a task that is interrupted', () => {
  test.each(endings)('and %s runs again, as the same attempt', async (_how, ending) => {
    const { app, cloud, lines, deliver } = studio();
    const begun: number[] = [];
    const task = app.task(
      'task',
      { bind: true, trackStarted: true, dedupe: true, concurrency: { limit: 1 }, autoretryFor: [Error] },
      async (self) => {
        begun.push(self.request.retries);
        return begun.length > 5 ? 'done' : ending(self, cloud);
      },
    );
    const result = await task.delay();

    const answers = [];
    for (let time = 0; time < 5; time += 1) answers.push(await deliver(60_000));
    const between = await result.state();
    const last = await deliver(60_000);

    expect(answers.map(({ batchItemFailures }) => batchItemFailures.length)).toEqual([1, 1, 1, 1, 1]);
    expect(between).toBe('STARTED');
    expect(last.batchItemFailures).toEqual([]);
    expect(begun).toEqual([0, 0, 0, 0, 0, 0]);
    expect(await result.get()).toBe('done');
    expect(lines.filter((line) => line.includes('task interrupted'))).toHaveLength(5);
    expect(lines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
    // Nothing was sent again, and nothing buried.
    expect(cloud.queues.requests.send).toBe(1);
    await cloud.stop();
  });

  test('and ends in time all the same has its result', async () => {
    const { app, cloud, deliver } = studio();
    const reasons: unknown[] = [];
    const task = app.task('task', { bind: true }, async ({ signal }) => {
      await cloud.clock.sleep(61_000);
      reasons.push(signal.reason);
      return 'done';
    });
    const result = await task.delay();

    const answer = await deliver(60_000);

    expect(answer.batchItemFailures).toEqual([]);
    expect(await result.get()).toBe('done');
    expect(reasons).toEqual([expect.any(Interrupted)]);
    await cloud.stop();
  });

  test('and ends after its last moment stores nothing', async () => {
    const { app, cloud, deliver } = studio();
    const task = app.task('task', async () => {
      await cloud.clock.sleep(63_000);
      return 'late';
    });
    const result = await task.delay();

    const answer = await deliver(60_000);
    await cloud.advance('1h');

    expect(answer.batchItemFailures).toHaveLength(1);
    expect(await result.state()).toBe('PENDING');
    await cloud.stop();
  });

  test('before it has begun does not begin', async () => {
    const { app, cloud, deliver } = studio();
    let runs = 0;
    const task = app.task('task', () => {
      runs += 1;
    });
    await task.delay();

    const answer = await deliver(0);

    expect(answer.batchItemFailures).toHaveLength(1);
    expect(runs).toBe(0);
    await cloud.stop();
  });

  test('can be revoked as any other', async () => {
    const { app, cloud, deliver } = studio();
    const reasons: unknown[] = [];
    const task = app.task('task', { bind: true }, async (self) => {
      self.signal.addEventListener('abort', () => reasons.push(self.signal.reason));
      cloud.clock.after(1_000, () => void app.control.revoke(self.request.id, { terminate: true }));
      await untilAborted(self, cloud);
    });
    const result = await task.delay();

    const answer = await deliver(60_000);

    expect(answer.batchItemFailures).toEqual([]);
    expect(reasons).toEqual([expect.any(TaskRevokedError)]);
    expect(await result.state()).toBe('REVOKED');
    await cloud.stop();
  });
});
