import { chain, Reject, type SignatureJson, silentLogger, type Tallo } from 'tallo';
import { consumer } from 'tallo/functions';
import { describe, expect, test } from 'vitest';
import { type Anything, outcomeOf, world } from './world.ts';

// The numbers are the lines of the list of what real Celery gives.

const hour = { timeout: '1h' } as const;

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

function rejectThenSucceed(app: Tallo) {
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
