import { ConfigurationError, chain, chord, group, Tallo } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { watchSends } from './world.ts';

/** An app, and the group of each message that leaves. */
function watched() {
  const app = new Tallo('fair');
  const cloud = memoryCloud(app);
  const sent = watchSends(cloud);
  const groups = () => sent.map(({ groupId }) => groupId);
  return { app, cloud, groups, sent, [Symbol.asyncDispose]: () => cloud.stop() };
}

describe('a fairnessKey', () => {
  test('is the MessageGroupId of the message, and stands where Celery writes it', async () => {
    await using it = watched();
    const task = it.app.task('t', () => 1);

    await task.applyAsync([], { fairnessKey: 'customer-7' });
    await task.delay();

    expect(it.groups()).toEqual(['customer-7', undefined]);
    expect(JSON.parse(it.sent[0]?.body ?? '').properties.MessageGroupId).toBe('customer-7');
  });

  test('survives retries, timers and delays', async () => {
    await using it = watched();
    const task = it.app.task('t', { bind: true }, (self) => {
      if (self.request.retries < 2) self.retry({ countdown: '1h' });
    });

    await task.applyAsync([], { fairnessKey: 'customer-7', countdown: '2h' });
    await it.cloud.untilIdle();

    // A timer has no room for it: the message that it sends comes before its time, and goes on with its group.
    expect(it.groups()).toEqual(['customer-7', 'customer-7', 'customer-7']);
  });

  test.each(['', 5, null])('must be text: %j', async (fairnessKey) => {
    await using it = watched();
    const task = it.app.task('t', () => 1);
    const call = task.applyAsync([], { fairnessKey: fairnessKey as string });

    await expect(call).rejects.toThrow(ConfigurationError);
    await expect(call).rejects.toThrow(/Expected fairnessKey to be text of at least one character/);
  });

  test.each([
    ['every mark that SQS takes', '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~', true],
    ['128 characters', 'x'.repeat(128), true],
    ['more', 'x'.repeat(129), false],
    ['a space', 'a b', false],
    ['other alphabets', 'clientë', false],
    ['a line break', 'a\n', false],
  ])('of %s goes as it is, or as a digest', async (_name, fairnessKey, isKept) => {
    await using it = watched();
    const task = it.app.task('t', () => 1);

    await task.applyAsync([], { fairnessKey });
    await task.signature([], { fairnessKey }).delay();

    const [group, same] = it.groups();
    expect(group === fairnessKey).toBe(isKept);
    expect(group).toMatch(/^[!-~]{1,128}$/);
    expect(same).toBe(group);
  });

  test('in a signature is written under the name that Celery sends', async () => {
    await using it = watched();
    const task = it.app.task('t', () => 1);
    const signature = task.si().set({ fairnessKey: 'customer-7' });

    expect(signature.toJSON().options).toEqual({ MessageGroupId: 'customer-7' });
    await chain(task.si(), signature).delay();
    await group([task.si(), task.si()]).applyAsync([], { fairnessKey: 'all' });
    await it.app
      .signature({ ...signature.toJSON(), options: { MessageGroupId: 'from Python' } })
      .applyAsync([]);
    await it.cloud.untilIdle();

    expect(it.groups().slice(0, 3)).toEqual([undefined, 'all', 'all']);
    expect(it.groups().filter((key) => key === 'customer-7')).toHaveLength(1);
    expect(it.groups()).toHaveLength(5);
  });

  test('of a task goes by the arguments, in calls and in workflows', async () => {
    await using it = watched();
    const key = (customer: string) => `customer-${customer}`;
    const bill = it.app.task('bill', { fairnessKey: key }, (customer: string) => customer);
    const first = it.app.task('first', () => 'c9');
    const all = it.app.task('all', { fairnessKey: (ids: string[]) => ids.join('-') }, (ids: string[]) => ids);

    await bill.delay('c1');
    await bill.applyAsync(['c2'], { fairnessKey: 'own' });
    await it.app.sendTask('bill', ['c3']);
    await it.cloud.untilIdle();
    await chain(first.s(), bill.s()).delay();
    await it.cloud.untilIdle();
    await chord([bill.s('c4'), bill.s('c5')], all.s()).delay();
    await it.cloud.untilIdle();

    expect(it.groups()).toEqual([
      ...['customer-c1', 'own', 'customer-c3'],
      ...[undefined, 'customer-c9'],
      // The body's list is not there yet when it is sent.
      ...['customer-c4', 'customer-c5', undefined],
    ]);
  });

  test('that a function cannot tell fails the call that it is for', async () => {
    await using it = watched();
    const none = it.app.task('none', { fairnessKey: () => undefined as unknown as string }, () => 1);
    const throwing = it.app.task(
      'throwing',
      {
        fairnessKey: () => {
          throw new Error('no customer');
        },
      },
      () => 1,
    );
    const first = it.app.task('first', () => 1);

    await expect(none.delay()).rejects.toThrow(/fairnessKey of task 'none' to return text .* got undefined/);
    await expect(throwing.delay()).rejects.toThrow(
      /of task 'throwing' to return text, but it threw: Error: no customer/,
    );
    const step = await chain(first.si(), throwing.si()).delay();
    await expect(step.get()).rejects.toThrow(/no customer/);
  });

  test('of a message from elsewhere that SQS would refuse keeps no retry from being sent', async () => {
    await using it = watched();
    it.app.task('t', { bind: true }, (self) => {
      if (self.request.retries === 0) self.retry({ countdown: 1 });
      return 'done';
    });
    const body = JSON.stringify({
      body: '[[], {}, {}]',
      'content-type': 'application/json',
      headers: { task: 't', id: 'one' },
      properties: { MessageGroupId: 'not for SQS: \u00e9' },
    });
    await it.cloud.queues.send('fair-default', [{ body }]);

    expect(await it.app.AsyncResult('one').get()).toBe('done');
  });

  test('of a task must be a function', () => {
    const define = () =>
      new Tallo('fair').task('t', { fairnessKey: 'customer' as unknown as () => string }, () => 1);

    expect(define).toThrow(
      `Task 't': expected fairnessKey to be a function of its arguments, got "customer"`,
    );
  });
});
