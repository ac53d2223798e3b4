import { chain, chord, Tallo } from 'tallo';
import { describe, expect, test } from 'vitest';
import { fromPython, world } from './lanes-world.ts';

describe('what a task leads to inherits its priority', () => {
  test('in calls, steps, callbacks, bodies, error callbacks and replacements', async () => {
    await using it = world({ lanes: 3 });
    const seen: string[] = [];
    const tell = it.app.task('tell', { bind: true }, (self, name: string) => {
      seen.push(`${name} ${self.request.deliveryInfo.priority}`);
      return name;
    });
    const told = it.app.task('told', { bind: true }, (self, _value: unknown, name: string) => {
      seen.push(`${name} ${self.request.deliveryInfo.priority}`);
    });
    const fail = it.app.task('fail', () => {
      throw new Error('no');
    });
    const replaced = it.app.task('replaced', { bind: true }, (self) => self.replace(tell.si('replacement')));
    const start = it.app.task('start', async () => {
      await tell.delay('child');
      await it.app.sendTask('tell', ['by name']);
      await tell.applyAsync(['own'], { priority: 1 });
      await chain(
        tell.si('first'),
        tell.si('second'),
        tell.si('low').set({ priority: 0 }),
        tell.si('after'),
      ).delay();
      await chord([tell.si('member'), tell.si('other')], tell.si('body')).delay();
      await tell.si('with').applyAsync([], { link: tell.si('callback') });
      await fail.si().applyAsync([], { linkError: tell.si('errback') });
      await replaced.delay();
      return 'started';
    });

    await start.applyAsync([], { priority: 8, link: told.s('link of start') });
    await it.cloud.untilIdle();

    const at8 = ['child', 'by name', 'first', 'second', 'member', 'other', 'body', 'with', 'callback'];
    expect(seen.toSorted()).toEqual(
      [
        ...[...at8, 'errback', 'replacement', 'link of start'].map((name) => `${name} 8`),
        ...['own 1', 'low 0', 'after 0'],
      ].toSorted(),
    );
  });

  test('unless the task that is called says its own', async () => {
    await using it = world({ lanes: 3 });
    const seen: number[] = [];
    const low = it.app.task('low', { bind: true, priority: 2 }, (self) => {
      seen.push(self.request.deliveryInfo.priority);
    });
    const start = it.app.task('start', async () => {
      await low.delay();
      await low.applyAsync([], { priority: 4 });
    });

    await chain(start.si(), low.si()).applyAsync([], { priority: 8 });
    await it.cloud.untilIdle();

    // Options of the call of a chain are for its first step.
    expect(seen.toSorted()).toEqual([2, 2, 4]);
  });

  test.each([
    [0, 5],
    [3, 3],
    [9, 9],
    [255, 5],
    [2.5, 5],
  ])('of a caller in Python, whose %d was given or not', async (priority, inherited) => {
    await using it = world({ lanes: 3 });
    const child = it.app.task('child', { bind: true }, (self) => self.request.deliveryInfo.priority);
    it.app.task('start', { bind: true }, async (self) => {
      const result = await child.delay();
      return [self.request.deliveryInfo.priority, result.id];
    });
    await it.cloud.queues.send('lanes-default', [{ body: fromPython('start', { priority, id: 'one' }) }]);

    const [own, id] = await it.app.AsyncResult<[number, string]>('one').get();

    expect(own).toBe(priority);
    expect(await it.app.AsyncResult(id).get()).toBe(inherited);
  });

  test('in eager runs too', async () => {
    const app = new Tallo('lanes', { taskAlwaysEager: true, queues: { default: { lanes: 3 }, slow: {} } });
    const tell = app.task('tell', { bind: true }, (self) => self.request.deliveryInfo.priority);
    const child = app.task('child', async () => (await tell.delay()).get());
    const fall = app.task('fall', { bind: true }, (self) => {
      const { retries, deliveryInfo } = self.request;
      if (retries === 0) self.retry({ priority: 1, queue: 'slow' });
      return [deliveryInfo.priority, deliveryInfo.routingKey];
    });

    expect(await (await child.applyAsync([], { priority: 8 })).get()).toBe(8);
    expect(await (await chain(tell.si(), tell.si()).applyAsync([], { priority: 7 })).get()).toBe(7);
    expect(await (await fall.delay()).get()).toEqual([1, 'slow']);
  });
});
