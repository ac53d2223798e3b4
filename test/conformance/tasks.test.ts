import { ArgumentsError, chain, Reject, type SignatureJson, silentLogger, TaskError } from 'tallo';
import { consumer } from 'tallo/functions';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { fixture } from './fixture-tasks.ts';
import { type Anything, outcomeOf, times, world } from './world.ts';

// The numbers are the lines of the list of what real Celery gives.

const hour = { timeout: '1h' } as const;

describe('a task', () => {
  test('181: gives its value, and says that it did', async () => {
    await using it = world();

    for (const i of times(10, (n) => n)) {
      const results = [await it.add.delay(i, i), await it.add.delay(i, i, i)];

      expect(await Promise.all(results.map((result) => result.get(hour)))).toEqual([2 * i, 3 * i]);
      expect(await Promise.all(results.map((result) => result.state()))).toEqual(['SUCCESS', 'SUCCESS']);
      expect(await Promise.all(results.map((result) => result.ready()))).toEqual([true, true]);
      expect(await Promise.all(results.map((result) => result.successful()))).toEqual([true, true]);
    }
  });

  test('182: gives nothing if its result is to be ignored', async () => {
    await using it = world();

    const result = await it.add.applyAsync([1, 2], { ignoreResult: true });

    expect(await result.get(hour)).toBeNull();
    await it.cloud.untilIdle();
    expect(await result.result()).toBeNull();
  });

  test('185: takes and gives what its schemas say', async () => {
    await using it = world();
    const args = z.tuple([z.object({ x: z.int(), y: z.int() })]);
    const result = z.object({ result: z.int() });
    const add = it.app.task('add_model', { args, result }, ({ x, y }) => ({ result: x + y }));

    for (const i of times(10, (n) => n)) {
      expect(await outcomeOf(add.s({ x: i, y: i }))).toEqual({ result: 2 * i });
    }
  });

  test('194: refuses wrong arguments before anything is sent; without a schema too few, which end it', async () => {
    await using it = world({ handler: false });
    const checked = it.app.task('checked', { args: z.tuple([z.int(), z.int()]) }, (x, y) => x + y);
    const untyped: Anything = checked;
    const lacking: Anything = it.add;

    await expect(untyped.delay(5)).rejects.toThrow(ArgumentsError);
    await expect(untyped.delay(5, 5, 5)).rejects.toThrow(ArgumentsError);
    await expect(untyped.delay(5, 'five')).rejects.toThrow(ArgumentsError);
    await expect(lacking.delay(5)).rejects.toThrow(ArgumentsError);
    expect(it.cloud.queues.named('conformance-default').size).toBe(0);
  });

  test('194: that its caller does not know fails with a TypeError for wrong arguments', async () => {
    const worker = fixture().app;
    worker.task('elsewhere', (x: number, y: number) => x + y);
    await using it = world({ handler: consumer(worker, { log: silentLogger }) });
    worker.connect(it.cloud);

    const result = await it.app.sendTask('elsewhere', [5]);

    await expect(result.get(hour)).rejects.toThrow(TypeError);
    expect(await result.state()).toBe('FAILURE');
  });

  test('200: prints what no alphabet of Europe has', async () => {
    await using it = world();
    const text = '日本語 ñandú 😀 \u0000';
    const task = it.app.task('unicode', () => void it.messages.push(text));

    const results = await Promise.all(times(5, () => task.delay()));

    await Promise.all(results.map((result) => result.get(hour)));
    expect(it.messages).toEqual(times(5, () => text));
  });
});

describe('a task that is retried', () => {
  test('179: because of its error gives the number of its retries', async () => {
    await using it = world();
    const options = { bind: true, autoretryFor: [RangeError], maxRetries: 1, retryBackoff: true } as const;
    const task = it.app.task('class_based', options, (self) => {
      if (self.request.retries === 0) throw new RangeError('not yet');
      return self.request.retries;
    });

    expect(await outcomeOf(task.s())).toBe(1);
  });

  test.each([{}, { expires: '1m' }] as const)('197: once, with the options %o, says so', async (options) => {
    await using it = world();

    const result = await it.retryOnce.applyAsync([], options);

    expect(await result.get(hour)).toBe(1);
  });

  test('199: keeps the headers of its call', async () => {
    await using it = world();
    const task = it.app.task(
      'headers',
      { bind: true, maxRetries: 1 },
      (self): Anything => (self.request.retries > 0 ? self.request.headers : self.retry({ countdown: 0.1 })),
    );

    const result = await task.applyAsync([], { headers: { 'x-test-header': 'test-value' } });

    expect(await result.get(hour)).toMatchObject({ 'x-test-header': 'test-value' });
  });

  test.each([
    ['RETRY', true],
    ['FAILURE', false],
  ])('196: or fails with an error that JSON cannot hold, in state %s tells of it', async (state, retries) => {
    await using it = world();
    const error = new TaskError('Unpicklable', ['bar', Object.assign(() => 1, { foo: 1n })] as Anything);
    const task = it.app.task('unserialisable', { bind: true }, (self): Anything => {
      if (retries) self.retry({ exc: error, countdown: '1h' });
      throw error;
    });

    const result = await task.delay();
    await it.cloud.advance('1s');

    expect(await result.state()).toBe(state);
    expect(await result.info()).toMatchObject({
      name: 'Unpicklable',
      message: expect.stringContaining('bar'),
    });
  });
});

describe('a task that is put back', () => {
  test('184: sees that it comes again, and ends', async () => {
    await using it = world();

    const result = await rejectThenSucceed(it.app).delay();

    expect(await result.get(hour)).toBe('second-pass');
    expect(await result.state()).toBe('SUCCESS');
  });

  test('208: in a chain hands on what it gives the second time', async () => {
    await using it = world();
    const task = rejectThenSucceed(it.app);

    expect(await outcomeOf(chain(task.s(), it.identity.s()))).toBe('second-pass');
  });
});

function rejectThenSucceed(app: ReturnType<typeof fixture>['app']) {
  return app.task('reject_then_succeed', { bind: true }, (self): string => {
    if (self.request.deliveryInfo.redelivered) return 'second-pass';
    throw new Reject('first pass', { requeue: true });
  });
}

describe('208: a task whose value is stored, but whose worker could not hand it on', () => {
  /** Nothing can be sent during the first batch. */
  async function handedOn(workflow: (it: ReturnType<typeof world>, task: Anything) => Anything) {
    const it = world({ handler: (event, context) => handle(event, context) });
    const worker = consumer(it.app, { log: silentLogger });
    const send = it.cloud.queues.send.bind(it.cloud.queues);
    let batches = 0;
    const handle: typeof worker = Object.assign(async (...batch: Parameters<typeof worker>) => {
      batches += 1;
      it.cloud.queues.send = batches > 1 ? send : () => Promise.reject(new Error('throttled'));
      return worker(...batch);
    }, worker);
    const runs: number[] = [];
    const task = it.app.task('store_success', () => `pass ${runs.push(0)}`);

    const result = await workflow(it, task).delay();
    const value = await result.get(hour);
    await it.cloud.untilIdle();
    await it.cloud.stop();
    return { value, runs: runs.length, messages: it.messages };
  }

  test('does not run again; the next step is given the value of the first time', async () => {
    const { value, runs } = await handedOn((it, task) => chain(task.s(), it.identity.s()));

    expect([value, runs]).toEqual(['pass 1', 1]);
  });

  test('nor does it for a callback', async () => {
    const { value, runs, messages } = await handedOn((it, task) => task.s().link(it.echo.s()));

    expect([value, runs, messages]).toEqual(['pass 1', 1, ['pass 1']]);
  });
});

describe('a task that replaces itself', () => {
  /** How often each call that was sent stood in for another. */
  function noteNesting({ cloud }: ReturnType<typeof world>) {
    const nesting: number[] = [];
    const send = cloud.queues.send.bind(cloud.queues);
    cloud.queues.send = (name, messages) => {
      for (const { body } of messages) nesting.push(JSON.parse(body).headers.replaced_task_nesting ?? 0);
      return send(name, messages);
    };
    return nesting;
  }

  test('206: is counted, a plain one is not', async () => {
    await using it = world();
    const nesting = noteNesting(it);

    await outcomeOf(it.identity.s(1));

    expect(nesting).toEqual([0]);
  });

  test('206: is counted once for each task that it stands for', async () => {
    await using it = world();
    const nesting = noteNesting(it);
    const replace: Anything = it.app.task(
      'replace_more',
      { bind: true },
      (self, more: number): Anything => (more > 0 ? self.replace(replace.si(more - 1)) : 'end'),
    );

    expect(await outcomeOf(chain(replace.si(3), it.identity.s()))).toBe('end');

    expect(nesting).toEqual([0, 1, 2, 3, 0]);
  });

  test('209: may do so with one of another queue', async () => {
    await using it = world({}, { queues: { default: {}, first: {}, second: {} } });
    const seen: string[] = [];
    const replaceWith = it.app.task(
      'replace_with',
      { bind: true },
      (self, other: SignatureJson): Anything => {
        seen.push(self.request.deliveryInfo.routingKey);
        return self.replace(it.app.signature(other));
      },
    );
    const forty = it.identity.si(40).set({ queue: 'second' });

    const steps = chain(replaceWith.s(forty.toJSON()), it.add.s(2).set({ queue: 'second' }));
    const result = await steps.applyAsync([], { queue: 'first' });

    expect(await result.get(hour)).toBe(42);
    expect(seen).toEqual(['first']);
  });
});
