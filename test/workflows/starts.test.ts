import { Ignore, silentLogger, Tallo, WorkerLostError } from 'tallo';
import { consumer } from 'tallo/functions';
import { memoryCloud } from 'tallo/testing';
import { expect, test } from 'vitest';
import { maxStarts } from '../../sdk/engine/gate.ts';
import { startsKey } from '../../sdk/wire/keys.ts';
import { fixture } from '../conformance/fixture-tasks.ts';
import { type Anything, times } from '../conformance/world.ts';
import { MortalWorker } from '../consumer/mortal-worker.ts';

/** One call that kills whatever worker runs it, in one batch with others. */
async function poisoned(start: (client: Tallo) => readonly Anything[]) {
  let cloud: ReturnType<typeof memoryCloud>;
  const runs: string[] = [];
  const define = () => {
    const app = new Tallo('starts');
    const noting = (name: string) => void runs.push(name);
    app.task('poison', async () => {
      noting('poison');
      // The others have come to their ends by then.
      await cloud.clock.sleep(1_000);
      worker.kill();
    });
    app.task('silent', { ignoreResult: true }, () => noting('silent'));
    app.task('ignoring', () => {
      noting('ignoring');
      throw new Ignore();
    });
    app.task('other', () => noting('other'));
    const replaced = app.task('replaced', { bind: true }, (self, more: number): Anything => {
      noting('replaced');
      return self.replace(more > 0 ? replaced.si(more - 1) : app.signature('other'));
    });
    return app;
  };
  const client = define();
  const worker = new MortalWorker({ define, cloud: () => cloud });
  cloud = memoryCloud(client, { handler: worker.handler });
  // Sent at the same time, so that they come in one batch.
  const [poison] = await Promise.all([client.sendTask('poison'), ...start(client)]);
  await expect(poison.get({ timeout: '1d' })).rejects.toThrow(WorkerLostError);
  await cloud.untilIdle();
  const letters = cloud.deadLetters().map(({ attributes }) => attributes?.['tallo-task']);
  await cloud.stop();
  return { letters, runs: new Set(runs) };
}

test('a call whose end no row tells of is not taken for one that killed its worker', async () => {
  const names = ['silent', 'ignoring', 'replaced'];

  const { letters, runs } = await poisoned((client) =>
    times(9, (i) => client.sendTask(names[i % 3] ?? '', [0])),
  );

  expect(letters).toEqual(['poison']);
  expect(runs).toEqual(new Set(['poison', ...names, 'other']));
});

test('what stands in for a task has starts of its own, although it has the same id', async () => {
  const { app, add, addReplaced } = fixture();
  const handle = consumer(app, { log: silentLogger });
  let batches = 0;
  await using cloud = memoryCloud(app, {
    async handler(event, context) {
      batches += 1;
      // The replacement is delivered twice.
      if (batches === 2) throw new Error('throttled');
      return handle(event, context);
    },
  });

  const result = await addReplaced.delay(1, 2);
  await cloud.table.change(startsKey(result.id, 0), { add: { starts: maxStarts } });

  expect(await result.get({ timeout: '1h' })).toBe(add(1, 2));
});
