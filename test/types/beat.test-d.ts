import { chain, chord, crontab, type KnownEntry, Tallo } from 'tallo';
import { describe, expectTypeOf, test } from 'vitest';
import * as z from 'zod';

const app = new Tallo('types');
const add = app.task('add', (x: number, y: number) => x + y);
const ping = app.task('ping', () => 'pong');
const greet = app.task('greet', (name: string, loud = false) => (loud ? name.toUpperCase() : name));
const report = app.task(
  'report',
  { args: z.tuple([z.string()]), kwargs: z.object({ pages: z.int() }) },
  (kind, { pages }) => `${kind} ${pages}`,
);
const daily = crontab({ hour: 2, minute: 0 });

describe('an entry of beat', () => {
  test('takes the arguments of its task', () => {
    app.beat({
      add: { task: add, schedule: '30s', args: [2, 3] },
      ping: { task: ping, schedule: 30 },
      'ping-2': { task: ping, schedule: daily, args: [], enabled: false, missed: 'skip', timezone: 'UTC' },
      greet: { task: greet, schedule: new Date(), args: ['Ada'], options: { expires: '1h', priority: 7 } },
      loud: { task: greet, schedule: daily, args: ['Ada', true] },
      report: { task: report, schedule: daily, args: ['sales', { pages: 2 }] },
      'report-2': { task: report, schedule: daily, args: ['sales'], kwargs: { pages: 2 } },
    });
  });

  test('does not compile with arguments that do not fit', () => {
    // @ts-expect-error a string is no number
    app.beat({ e: { task: add, schedule: '30s', args: [2, '3'] } });
    // @ts-expect-error one is missing
    app.beat({ e: { task: add, schedule: '30s', args: [2] } });
    // @ts-expect-error both are missing
    app.beat({ e: { task: add, schedule: '30s' } });
    // @ts-expect-error one too many
    app.beat({ e: { task: ping, schedule: '30s', args: [1] } });
    // @ts-expect-error keyword arguments are missing
    app.beat({ e: { task: report, schedule: '30s', args: ['sales'] } });
    // @ts-expect-error not what the schema says
    app.beat({ e: { task: report, schedule: '30s', args: ['sales'], kwargs: { pages: 'two' } } });
    // @ts-expect-error it takes none
    app.beat({ e: { task: ping, schedule: '30s', kwargs: { pages: 2 } } });
    // @ts-expect-error beside one that is right
    app.beat({ ok: { task: ping, schedule: 1 }, e: { task: add, schedule: 1, args: ['2', 3] } });
  });

  test('does not compile with a schedule or an option that is none', () => {
    // @ts-expect-error no length of time
    app.beat({ e: { task: ping, schedule: 'soon' } });
    // @ts-expect-error no schedule
    app.beat({ e: { task: ping } });
    // @ts-expect-error beat says when
    app.beat({ e: { task: ping, schedule: 30, options: { countdown: 10 } } });
    // @ts-expect-error beat says which call it is
    app.beat({ e: { task: ping, schedule: 30, options: { taskId: 'x' } } });
    // @ts-expect-error no such policy
    app.beat({ e: { task: ping, schedule: 30, missed: 'none' } });
    // @ts-expect-error no such option
    app.beat({ e: { task: ping, schedule: 30, retries: 3 } });
  });

  test('takes what is complete: a signature, a workflow, a name, the JSON of a signature', () => {
    app.beat({
      signature: { task: add.s(2, 3), schedule: 30 },
      chain: { task: chain(add.s(2, 2), add.s(4)), schedule: 30 },
      chord: { task: chord([ping.s(), ping.s()], greet.si('Ada')), schedule: 30 },
      name: { task: 'elsewhere.sum', args: [1, 'two'], kwargs: { three: 3 }, schedule: 30 },
      json: { task: add.s(1, 2).toJSON(), schedule: 30 },
      untyped: { task: app.signature('elsewhere.sum', [1]), schedule: 30 },
    });
    // @ts-expect-error the first number is missing
    app.beat({ e: { task: add.s(2), schedule: 30 } });
    // @ts-expect-error the first step misses its first number
    app.beat({ e: { task: chain(add.s(2), add.s(4)), schedule: 30 } });
    // @ts-expect-error a signature has its arguments
    app.beat({ e: { task: add.s(2, 3), schedule: 30, args: [1] } });
  });
});

describe('an entry at run time', () => {
  test('is typed as one of the code', () => {
    void app.schedules.create('a', { task: add, args: [2, 3], schedule: daily });
    void app.schedules.create('b', { task: 'elsewhere.sum', args: ['any'], schedule: daily });
    // @ts-expect-error a string is no number
    void app.schedules.create('c', { task: add, args: [2, '3'], schedule: daily });
    // @ts-expect-error a schedule is missing
    void app.schedules.create('d', { task: ping });
  });

  test('is changed in part', () => {
    void app.schedules.update('a', { schedule: '1h' });
    void app.schedules.update('a', { args: ['as', 'they', 'travel'] });
    void app.schedules.update('a', { task: add, args: [2, 3] });
    void app.schedules.update('a', { enabled: false, missed: 'all' });
    // @ts-expect-error another task needs its arguments
    void app.schedules.update('a', { task: add });
    // @ts-expect-error a string is no number
    void app.schedules.update('a', { task: add, args: ['2', 3] });
  });

  test('is read', () => {
    expectTypeOf(app.schedules.get('a')).resolves.toEqualTypeOf<KnownEntry | undefined>();
    expectTypeOf(app.schedules.list()).toExtend<AsyncIterable<KnownEntry>>();
    expectTypeOf(app.schedules.delete('a')).resolves.toEqualTypeOf<boolean>();
  });
});
