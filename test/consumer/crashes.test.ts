import { NotRegistered, Reject, silentLogger, type Table, Tallo, WorkerLostError } from 'tallo';
import { consumer } from 'tallo/functions';
import { type Handler, memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { revokedKey, startsKey, taskMetaKey } from '../../sdk/wire/keys.ts';
import { type Death, MortalWorker } from './mortal-worker.ts';

const ends = [
  'success',
  'failure',
  'retried',
  'rejected',
  'refused',
  'unknown',
  'progress',
  'expired',
] as const;
type End = (typeof ends)[number];

/** One call that comes to each kind of end, by workers that die as told. */
async function story(end: End, deaths: readonly Death[] = []) {
  const runs: number[] = [];
  const define = () => {
    const app = new Tallo('crashes');
    app.task('success', () => void runs.push(0));
    app.task('failure', () => {
      runs.push(0);
      throw new RangeError('no');
    });
    app.task('retried', { bind: true }, (self) => {
      runs.push(self.request.retries);
      if (self.request.retries < 2) self.retry({ countdown: 1 });
      return 'at last';
    });
    app.task('rejected', () => {
      runs.push(0);
      throw new Reject('no use');
    });
    app.task('refused', (_x: number) => runs.push(0));
    app.task('progress', { bind: true, trackStarted: true }, async (self) => {
      runs.push(0);
      await self.updateState('PROGRESS', 1);
      return 'done';
    });
    app.task('expired', () => runs.push(0));
    return app;
  };
  const client = new Tallo('crashes');
  let cloud: ReturnType<typeof memoryCloud>;
  const worker = new MortalWorker({ define, cloud: () => cloud, deaths });
  cloud = memoryCloud(client, { handler: worker.handler });
  const result = await client.sendTask(end, [], end === 'expired' ? { expires: new Date(0) } : {});
  const value = await result.get({ propagate: false, timeout: '3h' });
  await cloud.untilIdle();
  const meta = await client.AsyncResult(result.id).meta();
  const letters = cloud.deadLetters().map(({ attributes }) => attributes?.['tallo-reason']);
  await client.close();
  return {
    value: String(value),
    state: meta.state,
    letters: [...new Set(letters)],
    runs,
    requests: worker.requests,
  };
}

describe('whenever a worker dies, before or after any one of its requests', () => {
  test.each(ends)('a call that ends as "%s" ends the same', async (end) => {
    const { requests, runs: usualRuns, ...usual } = await story(end);

    for (let atRequest = 0; atRequest < requests; atRequest += 1) {
      for (const isCarriedOut of [false, true]) {
        const { requests: _, runs, ...ended } = await story(end, [{ atRequest, isCarriedOut }]);

        expect(ended, `death at request ${atRequest}, carried out: ${isCarriedOut}`).toEqual(usual);
        // At least once, and at most one attempt was repeated.
        expect(new Set(runs)).toEqual(new Set(usualRuns));
        expect(runs.length).toBeLessThanOrEqual(usualRuns.length * 2);
      }
    }
    expect(requests).toBeGreaterThan(0);
  });

  test('twice in a row, the call still ends', async () => {
    const deaths = [0, 1, 2, 3, 4].map((atRequest) => ({ atRequest, isCarriedOut: atRequest % 2 === 0 }));

    const { value, state } = await story('retried', deaths.slice(0, 2));

    expect([value, state]).toEqual(['at last', 'SUCCESS']);
  });
});

// The first request of a process is its look at the list of revoked calls.
describe('a message that was delivered before', () => {
  test('does not run again if its result is stored', async () => {
    const { runs } = await story('success', [{ atRequest: 1, isCarriedOut: true }]);

    expect(runs).toEqual([0]);
  });

  test('does not send a second retry if the first is on its way', async () => {
    const { requests: _, runs } = await story('retried', [{ atRequest: 2, isCarriedOut: true }]);

    expect(runs).toEqual([0, 1, 2]);
  });

  test('is looked up with others, in requests of at most a hundred rows', async () => {
    const app = new Tallo('crashes', { queues: { default: { batchSize: 100, batchWindow: '1s' } } });
    await using cloud = memoryCloud(app, { handler: throttledOnce(app) });
    const reads: number[] = [];
    const read = cloud.table.read.bind(cloud.table);
    cloud.table.read = (ids) => {
      if (ids[0] !== revokedKey()) reads.push(ids.length);
      return read(ids);
    };
    const task = app.task('t', () => 1);

    await Promise.all(Array.from({ length: 60 }, () => task.delay()));
    await cloud.untilIdle();

    expect(reads).toEqual([100, 20]);
  });

  test('is the only one that is looked up', async () => {
    const app = new Tallo('crashes');
    await using cloud = memoryCloud(app);
    let reads = 0;
    cloud.table.read = async ([id]) => {
      if (id !== revokedKey()) reads += 1;
      return [];
    };
    const task = app.task('t', () => 1);

    await Promise.all([task.delay(), task.delay()]);
    await cloud.untilIdle();

    expect(reads).toBe(0);
  });

  test('is looked up by a consistent read, which sees all that was stored', async () => {
    const app = new Tallo('crashes');
    await using cloud = memoryCloud(app, { handler: throttledOnce(app) });
    const table: Table = cloud.table;
    const reads: unknown[] = [];
    const read = table.read.bind(table);
    table.read = (ids, options) => {
      if (ids[0] !== revokedKey()) reads.push([ids, options]);
      return read(ids, options);
    };

    const { id } = await app.task('t', () => 1).delay();
    await cloud.untilIdle();

    expect(reads).toEqual([[[taskMetaKey(id), startsKey(id, 0)], { consistent: true }]]);
  });

  test.each([
    ['the next attempt', ['1h', '1s']],
    ['a later attempt', ['1s', '1h']],
  ] as const)('does not run again while %s of it is on its way', async (_what, countdowns) => {
    const app = new Tallo('crashes');
    const handle = consumer(app, { log: silentLogger });
    let batches = 0;
    // The answer to the first batch is lost: its message comes again after the visibility timeout.
    await using cloud = memoryCloud(app, {
      handler: async (event, context) => {
        const answer = await handle(event, context);
        batches += 1;
        if (batches === 1) throw new Error('the answer was lost');
        return answer;
      },
    });
    const runs: number[] = [];
    const task = app.task('t', { bind: true }, (self) => {
      runs.push(self.request.retries);
      const countdown = countdowns[self.request.retries];
      if (countdown) self.retry({ countdown });
      return 'at last';
    });

    const result = await task.delay();

    expect(await result.get()).toBe('at last');
    await cloud.untilIdle();
    expect(runs).toEqual([0, 1, 2]);
  });
});

describe('a task that kills its worker', () => {
  /** A batch of ten of which one kills whatever process runs it. */
  async function poisoned() {
    const client = new Tallo('poison');
    const runs: string[] = [];
    let cloud: ReturnType<typeof memoryCloud>;
    const define = () => {
      const app = new Tallo('poison');
      app.task('run', async (name: string) => {
        runs.push(name);
        await cloud.clock.sleep(100);
        if (name === 'poison') worker.kill();
        await cloud.clock.sleep(100);
        return name;
      });
      return app;
    };
    const worker = new MortalWorker({ define, cloud: () => cloud });
    cloud = memoryCloud(client, { handler: worker.handler });
    const names = ['a', 'b', 'c', 'd', 'poison', 'e', 'f', 'g', 'h', 'i'];
    const results = await Promise.all(names.map((name) => client.sendTask(name === '' ? '' : 'run', [name])));
    const values = await Promise.all(
      results.map((result) => result.get({ propagate: false, timeout: '1d' })),
    );
    await cloud.untilIdle();
    return { cloud, client, names, values, runs, poison: results[4] };
  }

  test('is put into the dead-letter queue with its reason after four starts, and nobody waits for ever', async () => {
    const { cloud, poison, values, runs } = await poisoned();

    expect(values[4]).toBeInstanceOf(WorkerLostError);
    expect(String(values[4])).toContain('begun 4 times and its worker was lost each time');
    expect(runs.filter((name) => name === 'poison')).toHaveLength(4);
    expect(cloud.deadLetters()).toMatchObject([
      { attributes: { 'tallo-reason': 'worker-lost', 'tallo-task-id': poison?.id } },
    ]);
  });

  test('takes no batch mate with it', async () => {
    const { names, values } = await poisoned();

    expect(values.filter((_, i) => i !== 4)).toEqual(names.filter((name) => name !== 'poison'));
  });
});

describe('a start of a redelivered message', () => {
  test('is remembered as long as a queue keeps its message, also where results go sooner', async () => {
    const app = new Tallo('starts', { resultExpires: '1h' });
    const now = new Date('2026-01-01T00:00:00.500Z');
    await using cloud = memoryCloud(app, { now, handler: throttledOnce(app) });
    const task = app.task('t', () => cloud.clock.now());

    const result = await task.delay();
    const began = await result.get();

    expect(cloud.table.rows().find(({ id }) => id === startsKey(result.id, 0))).toMatchObject({
      starts: 1,
      ttl: Math.ceil((began + 14 * 86_400_000) / 1_000),
    });
  });

  test('is remembered before the run begins, however slow the table is', async () => {
    const app = new Tallo('starts');
    await using cloud = memoryCloud(app, { handler: throttledOnce(app) });
    const change = cloud.table.change.bind(cloud.table);
    cloud.table.change = async (id, what) => {
      await cloud.clock.sleep(1_000);
      return change(id, what);
    };
    const task = app.task('t', () => cloud.table.rows().map(({ starts }) => starts));

    expect(await (await task.delay()).get()).toEqual([1]);
  });

  test('waits for the next batch when this one has no time for it', async () => {
    const app = new Tallo('starts');
    await using cloud = memoryCloud(app, { handler: throttledOnce(app) });
    const receives: number[] = [];
    const task = app.task('t', { bind: true }, (self) => {
      receives.push(self.request.receives);
      return cloud.clock.sleep(20_000);
    });

    const results = await Promise.all([1, 2, 3].map(() => task.delay()));
    for (const { id } of results) await cloud.table.change(startsKey(id, 0), { add: { starts: 1 } });
    await cloud.untilIdle();

    expect(receives).toEqual([2, 3, 4]);
  });

  test('of a task that this worker does not know is explained like any other such message', async () => {
    const app = new Tallo('starts');
    await using cloud = memoryCloud(app, { handler: throttledOnce(app) });

    const result = await app.sendTask('elsewhere');
    await cloud.table.change(startsKey(result.id, 0), { add: { starts: 1 } });

    await expect(result.get()).rejects.toThrow(NotRegistered);
    expect(cloud.deadLetters()).toMatchObject([{ attributes: { 'tallo-reason': 'not-registered' } }]);
  });
});

describe('receives without a start', () => {
  test('never use up anything: a message that was only throttled runs', async () => {
    const app = new Tallo('throttled');
    const runs: number[] = [];
    app.task('t', { bind: true }, (self) => {
      runs.push(self.request.receives);
      return 'ran';
    });
    let refusals = 0;
    const handle = consumer(app, { log: silentLogger });
    await using cloud = memoryCloud(app, {
      handler: async (event, context) => {
        refusals += 1;
        if (refusals <= 50) throw new Error('TooManyRequestsException');
        return handle(event, context);
      },
    });

    const result = await app.sendTask('t');

    expect(await result.get({ timeout: '1w' })).toBe('ran');
    expect(runs).toEqual([51]);
    expect(await result.retries()).toBe(0);
    expect(cloud.deadLetters()).toEqual([]);
  });

  test('leave a batch as it was: all of it runs at once', async () => {
    const app = new Tallo('throttled');
    await using cloud = memoryCloud(app, { handler: throttledOnce(app) });
    const starts: number[] = [];
    const task = app.task('t', () => {
      starts.push(cloud.clock.now());
      return cloud.clock.sleep(1_000);
    });

    await Promise.all([1, 2, 3].map(() => task.delay()));
    await cloud.untilIdle();

    expect(starts).toHaveLength(3);
    expect(new Set(starts).size).toBe(1);
  });
});

/** A worker whose first batch is lost before anything of it is begun. */
function throttledOnce(app: Tallo): Handler {
  const handle = consumer(app, { log: silentLogger });
  let batches = 0;
  return (event, context) => {
    batches += 1;
    return batches === 1 ? Promise.reject(new Error('throttled')) : handle(event, context);
  };
}
