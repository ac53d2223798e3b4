import { type Answer, OperationalError, type OutgoingMessage, type Queues, Tallo } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { createSendOutbox } from '../../sdk/outbox/send-outbox.ts';

const refusal = (retryable: boolean): Answer => ({
  ok: false,
  code: 'InternalError',
  message: 'try later',
  retryable,
});

/** A cloud whose queue answers as told; says what was sent with each request. */
function cloudThatAnswers(answer: (request: number, bodies: readonly string[]) => readonly Answer[]) {
  const cloud = memoryCloud(new Tallo('outbox'), { handler: false });
  const requests: string[][] = [];
  const send: Queues['send'] = async (_queue, messages) => {
    const bodies = messages.map(({ body }) => body);
    requests.push(bodies);
    return answer(requests.length - 1, bodies);
  };
  const queues: Queues = Object.assign(cloud.queues, { send });
  return { outbox: createSendOutbox({ queues, clock: cloud.clock }), requests, clock: cloud.clock };
}

const accept = (_request: number, bodies: readonly string[]) => bodies.map((): Answer => ({ ok: true }));
const message = (body: string): OutgoingMessage => ({ body });

describe('sends that become ready together', () => {
  test('share requests of ten', async () => {
    const { outbox, requests } = cloudThatAnswers(accept);

    await Promise.all(Array.from({ length: 25 }, (_, i) => outbox.send('q', message(String(i)))));

    expect(requests.map(({ length }) => length)).toEqual([10, 10, 5]);
  });

  test('share requests of 1 MiB, attributes included', async () => {
    const { outbox, requests } = cloudThatAnswers(accept);
    const half = 'x'.repeat(524_288);

    await Promise.all([
      outbox.send('q', message(half)),
      outbox.send('q', message(half)),
      outbox.send('q', message('x')),
      outbox.send('q', { body: half, attributes: { a: 'b' } }),
      outbox.send('q', message(half.slice(8))),
    ]);

    expect(requests.map(({ length }) => length)).toEqual([2, 2, 1]);
  });

  test('go to each queue apart', async () => {
    const { outbox, requests } = cloudThatAnswers(accept);

    await Promise.all([
      outbox.send('q1', message('a')),
      outbox.send('q2', message('b')),
      outbox.send('q1', message('c')),
    ]);

    expect(requests).toEqual([['a', 'c'], ['b']]);
  });

  test('settle each by itself: what a partial failure refused is tried again without the others', async () => {
    const { outbox, requests } = cloudThatAnswers((request, bodies) =>
      bodies.map((body) => (request === 0 && (body === 'b' || body === 'd') ? refusal(true) : { ok: true })),
    );

    await Promise.all(['a', 'b', 'c', 'd'].map((body) => outbox.send('q', message(body))));

    expect(requests).toEqual([
      ['a', 'b', 'c', 'd'],
      ['b', 'd'],
    ]);
  });

  test('fail each by itself when they are refused for good', async () => {
    const { outbox, requests } = cloudThatAnswers((_request, bodies) =>
      bodies.map((body) => (body === 'b' ? refusal(false) : { ok: true })),
    );

    const settled = await Promise.allSettled(['a', 'b', 'c'].map((body) => outbox.send('q', message(body))));

    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(requests).toHaveLength(1);
  });

  test('all fail when an answer is missing or the request itself fails for good', async () => {
    const { outbox, requests } = cloudThatAnswers((_request, bodies) => accept(0, bodies).slice(1));

    const lone = outbox.send('q', message('a'), false);

    await expect(lone).rejects.toThrow(OperationalError);
    expect(requests).toHaveLength(1);
  });
});

describe('the publish retry policy', () => {
  test.each([
    [undefined, [0, 200, 400]],
    [
      { maxRetries: 5, intervalStart: 1, intervalStep: 2, intervalMax: 4 },
      [1_000, 3_000, 4_000, 4_000, 4_000],
    ],
    [{ maxRetries: 7 }, [0, 200, 400, 600, 800, 1_000, 1_000]],
    [{ maxRetries: 3, intervalStart: 10, intervalStep: 30, intervalMax: 120 }, [10_000, 40_000, 70_000]],
    [false, []],
  ] as const)('%j waits %j milliseconds', async (policy, pauses) => {
    const times: number[] = [];
    const { outbox, clock } = cloudThatAnswers((_request, bodies) => {
      times.push(clock.now());
      return bodies.map(() => refusal(true));
    });

    const sent = outbox.send('q', message('a'), policy);

    await expect(sent).rejects.toThrow(OperationalError);
    await expect(sent).rejects.toThrow(
      new RegExp(
        `Sending to queue 'q' failed after ${pauses.length === 0 ? 'one attempt' : `${pauses.length + 1} attempts`}: .*InternalError: try later`,
      ),
    );
    expect(times.slice(1).map((time, i) => time - (times[i] ?? 0))).toEqual(pauses);
  });

  test('is the one of the call', async () => {
    const app = new Tallo('outbox');
    await using cloud = memoryCloud(app, { handler: false });
    let requests = 0;
    cloud.queues.send = async (_queue, messages) => {
      requests += 1;
      return messages.map(() => refusal(true));
    };
    const task = app.task('t', () => 1);

    await expect(task.applyAsync([], { retry: false })).rejects.toThrow(OperationalError);
    expect(requests).toBe(1);
    await expect(task.applyAsync([], { retryPolicy: { maxRetries: 1 } })).rejects.toThrow(OperationalError);
    expect(requests).toBe(3);
  });

  test('does not try again what is a mistake of ours', async () => {
    const app = new Tallo('outbox');
    await using cloud = memoryCloud(app);
    let requests = 0;
    const send = cloud.queues.send.bind(cloud.queues);
    cloud.queues.send = (_queue, messages) => {
      requests += 1;
      return send('nowhere', messages);
    };

    await expect(app.task('t', () => 1).delay()).rejects.toMatchObject({ code: 'CONFIGURATION' });
    expect(requests).toBe(1);
  });
});
