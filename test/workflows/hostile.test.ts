import { chain, chord, group, Tallo } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { startWorkflow } from '../../sdk/call/start-workflow.ts';
import type { Json } from '../../sdk/wire/json.ts';
import { taskSignature } from '../../sdk/wire/signature.ts';
import { fixture } from '../conformance/fixture-tasks.ts';

const patience = { timeout: '2h' } as const;

describe('a task that starts very many others', () => {
  test('runs once: the list of its children has room for some', async () => {
    const { app, add } = fixture();
    let runs = 0;
    const many = app.task('many', async () => {
      runs += 1;
      for (let i = 0; i < 6; i += 1) {
        await group(Array.from({ length: 1_000 }, () => add.si(1, 1))).delay();
      }
    });
    await using cloud = memoryCloud(app);

    const result = await many.delay();

    expect(await result.get(patience)).toBe(null);
    await cloud.untilIdle();
    expect(runs).toBe(1);
  });

  test('or is followed by them, ends all the same', async () => {
    const { app, add } = fixture();
    await using _cloud = memoryCloud(app);
    const steps = Array.from({ length: 400 }, () => chain(...([add.s(1), add.s(1), add.s(1)] as const)));

    const result = await chain(add.s(1, 1), group(steps)).delay();

    expect(await result.get(patience)).toHaveLength(400);
  });
});

describe('a step of more than a hundred rows', () => {
  test('is read in several requests', async () => {
    const { app, add, tsum } = fixture();
    await using _cloud = memoryCloud(app);
    const text = 'x'.repeat(100_000);
    const length = app.task('length', (_before: number, long: string): number => long.length);
    const members = Array.from({ length: 360 }, () => length.s(text));

    const result = await chain(add.s(1, 1), group(members), tsum.s()).delay();

    expect(await result.get(patience)).toBe(36_000_000);
  });
});

describe('what nobody can read', () => {
  async function deadLetterOf(embed: Readonly<Record<string, Json>>): Promise<string | undefined> {
    const app = new Tallo('hostile');
    app.task('t', () => {
      throw new Error('no');
    });
    await using cloud = memoryCloud(app);
    const body = JSON.stringify([[], {}, embed]);
    const message = {
      body,
      'content-type': 'application/json',
      headers: { task: 't', id: 'i' },
      properties: { body_encoding: 'utf-8' },
    };
    await cloud.queues.send('hostile-default', [{ body: JSON.stringify(message) }]);
    await cloud.untilIdle();
    const [letter] = cloud.deadLetters();
    return letter?.attributes?.['tallo-error'];
  }

  test.each([
    ['a later step', { chain: ['text'] }, /a later step of the chain/],
    ['a chain', { chain: { task: 't' } }, /the chain to be a list/],
    ['a callback', { callbacks: [5] }, /a callback/],
    ['an error callback', { errbacks: [null] }, /an error callback/],
    ['a chord', { chord: 'text' }, /the body of the chord/],
    ['the body of a join', { chord: { join: { group: 'g', size: 1, body: null } } }, /the body of the chord/],
  ])('as %s is refused before the task runs', async (_what, embed, error) => {
    expect(await deadLetterOf(embed)).toMatch(error);
  });
});

describe('duplicates of a task that retries', () => {
  test('do not grow with each retry', async () => {
    const app = new Tallo('retries');
    let runs = 0;
    const task = app.task('t', { bind: true, maxRetries: 10 }, (self): number => {
      runs += 1;
      return self.request.retries < 10 ? self.retry({ countdown: 1 }) : runs;
    });
    await using cloud = memoryCloud(app, { duplicates: 1 });

    await task.delay();
    await cloud.untilIdle();

    expect(runs).toBe(22);
  });
});

describe('a header that Python wrote as one signature', () => {
  test('is a header of one member', async () => {
    const { app } = fixture();
    await using _cloud = memoryCloud(app);
    const [header, body] = [taskSignature('add', { args: [1, 2] }), taskSignature('tsum', {})];
    const json = taskSignature('celery.chord', {
      kwargs: { header, body, kwargs: {} },
      subtask_type: 'chord',
    });

    const frozen = await startWorkflow(app, json);

    expect(await app.AsyncResult(idOf(frozen.kwargs.body)).get(patience)).toBe(3);
  });

  function idOf(body: unknown): string {
    return (body as { options: { task_id: string } }).options.task_id;
  }
});

describe('members that fail late', () => {
  test('leave the chord with the first error in order', async () => {
    const { app, fail, identity } = fixture();
    await using _cloud = memoryCloud(app);

    const result = await chord([identity.si(1), fail.si(), identity.si(2)], identity.s()).delay();

    await expect(app.AsyncResult(result.id).get(patience)).rejects.toMatchObject({ code: 'CHORD' });
  });
});

describe('a chord that takes longer than results are kept', () => {
  test('still gives its body every result', async () => {
    const { app, add, tsum } = fixture({ resultExpires: '1h' });
    await using _cloud = memoryCloud(app);

    const result = await chord([add.si(1, 1), add.si(2, 2).set({ countdown: '5h' })], tsum.s()).delay();

    expect(await result.get({ timeout: '10h' })).toBe(6);
  });
});
