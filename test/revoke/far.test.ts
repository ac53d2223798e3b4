import { group, OperationalError, Tallo } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { revokedError, world } from './world.ts';

/** Notes which timers are looked for and deleted. */
function watchTimers({ timers }: { timers: ReturnType<typeof world>['cloud']['timers'] }) {
  const calls: string[] = [];
  const { find, cancel } = timers;
  timers.find = (id) => {
    calls.push(`find ${id}`);
    return find.call(timers, id);
  };
  timers.cancel = async (id) => {
    const wasThere = await cancel.call(timers, id);
    calls.push(`cancel ${id}${wasThere ? '' : ': none'}`);
    return wasThere;
  };
  return calls;
}

describe('a call that is due a long time from now', () => {
  test('ends at once, and its timer is deleted', async () => {
    await using w = world();
    const calls = watchTimers(w.cloud);
    const result = await w.note.applyAsync(['a'], { countdown: '60d' });
    const before = w.cloud.clock.now();

    await result.revoke();

    await expect(result.get()).rejects.toMatchObject(revokedError);
    expect(w.cloud.clock.now() - before).toBeLessThan(1_000);
    expect(calls).toEqual([`find ${result.id}`, `cancel ${result.id}`]);
    await w.cloud.advance('61d');
    expect(w.runs).toEqual([]);
    expect(await w.app.AsyncResult(result.id).state()).toBe('PENDING'); // the row has expired long since
  });

  test('ends at once, also where a worker has just looked at the list', async () => {
    await using w = world();
    const result = await w.note.applyAsync(['a'], { countdown: '60d' });
    await (await w.note.delay('warm')).get({ interval: '10ms' });
    const before = w.cloud.clock.now();

    await result.revoke();

    await expect(result.get({ interval: '10ms' })).rejects.toMatchObject(revokedError);
    expect(w.cloud.clock.now() - before).toBeLessThan(500);
    expect(w.cloud.timers.size).toBe(0);
  });

  test('ends while its retry waits for an hour', async () => {
    await using w = world();
    const calls = watchTimers(w.cloud);
    const flaky = w.app.task('flaky', { bind: true, maxRetries: 9 }, (self) => {
      w.runs.push(`attempt ${self.request.retries}`);
      return self.retry({ countdown: '1h' });
    });
    const result = await flaky.delay();
    await w.cloud.advance('90m');
    const before = w.cloud.clock.now();
    expect(await result.state()).toBe('RETRY');

    await result.revoke();

    await expect(result.get()).rejects.toMatchObject(revokedError);
    expect(w.cloud.clock.now() - before).toBeLessThan(1_000);
    expect(calls.at(-1)).toBe(`cancel ${result.id}-r2`);
    await w.cloud.advance('3h');
    expect(w.runs).toEqual(['attempt 0', 'attempt 1']);
  });

  test('ends in a chain with all later steps', async () => {
    await using w = world();
    const { chain } = await import('tallo');
    const result = await chain(w.note.s('a'), w.pass.s()).applyAsync([], { countdown: '60d' });
    const before = w.cloud.clock.now();

    await result.revoke();

    await expect(result.get()).rejects.toMatchObject(revokedError);
    expect(w.cloud.clock.now() - before).toBeLessThan(1_000);
    expect(await result.state()).toBe('REVOKED');
  });

  test('ends with all other members of its group', async () => {
    await using w = world();
    const members = Array.from({ length: 50 }, (_, i) => w.note.s(`${i}`));
    const result = await group(members).applyAsync([], { countdown: '60d' });
    const before = w.cloud.clock.now();

    await result.revoke();

    const ends = await result.get({ propagate: false });
    expect(ends).toHaveLength(50);
    for (const end of ends) expect(end).toMatchObject(revokedError);
    expect(w.cloud.clock.now() - before).toBeLessThan(5_000);
    await w.cloud.advance('61d');
    expect(w.runs).toEqual([]);
  });

  test('is ended by a worker of ours if Python would have run it', async () => {
    const app = new Tallo('rev', { queues: { default: {}, python: { runOn: 'celery' } } });
    await using cloud = memoryCloud(app);
    const result = await app.sendTask('elsewhere', [], { queue: 'python', countdown: '60d' });

    await result.revoke();

    await expect(result.get()).rejects.toMatchObject(revokedError);
    await cloud.advance('61d');
    expect(cloud.queues.named('rev-python').size).toBe(0);
  });

  test('loses nothing if its message cannot be sent at once', async () => {
    await using w = world();
    const calls = watchTimers(w.cloud);
    const result = await w.note.applyAsync(['a'], { countdown: '2d' });
    const { send } = w.cloud.queues;
    w.cloud.queues.send = () => Promise.reject(new Error('no such region'));

    await expect(result.revoke()).rejects.toThrow(OperationalError);
    w.cloud.queues.send = send;

    expect(calls).toEqual([`find ${result.id}`]);
    await expect(result.get({ interval: '10m' })).rejects.toMatchObject(revokedError);
    expect(w.runs).toEqual([]);
  });
});

describe('a timer that is none of the call', () => {
  test.each([
    ['whose input is no message', () => 'wake up'],
    ['of another call', (body: string) => body],
  ])('is left alone: one %s', async (_what, inputFrom) => {
    await using w = world();
    await w.note.applyAsync(['other'], { taskId: 'other', countdown: '20d' });
    const other = await w.cloud.timers.find('other');
    const calls = watchTimers(w.cloud);
    const message = { body: inputFrom(other?.message.body ?? '') };
    const at = w.cloud.clock.now() + 1e9;
    await w.cloud.timers.set({ id: 'nightly', at, queueName: 'rev-default', message });

    await w.app.control.revoke('nightly');

    expect(calls).toEqual(['find nightly']);
    expect(await w.cloud.timers.find('nightly')).toBeDefined();
  });
});

describe('looking for timers', () => {
  test('is done twenty at a time, and for no more than 5,000 ids', async () => {
    await using w = world({ handler: false });
    const [counts, find] = [{ total: 0, open: 0, most: 0 }, w.cloud.timers.find];
    w.cloud.timers.find = async (id) => {
      counts.total += 1;
      counts.open += 1;
      counts.most = Math.max(counts.most, counts.open);
      const timer = await find.call(w.cloud.timers, id);
      counts.open -= 1;
      return timer;
    };

    await w.app.control.revoke(Array.from({ length: 6_000 }, (_, i) => `call-${i}`));

    expect(counts).toEqual({ total: 5_000, open: 0, most: 20 });
  });

  test('says that the call is on the list when it fails', async () => {
    await using w = world();
    const result = await w.note.applyAsync(['a'], { countdown: '10s' });
    w.cloud.timers.find = () => Promise.reject(new Error('AccessDenied'));

    await expect(result.revoke()).rejects.toThrow(
      /The call is on the revoked list, but looking for its timer '.*' failed .*AccessDenied/,
    );

    await expect(result.get()).rejects.toMatchObject(revokedError);
  });
});
