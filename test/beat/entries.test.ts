import { chain, crontab, Tallo } from 'tallo';
import { afterEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { solar } from '../../sdk/solar/index.ts';

const daily = crontab({ hour: 8, minute: 0 });
const from = new Date('2026-01-01T00:00:00Z');

function makeApp(timezone = 'UTC') {
  const app = new Tallo('store', { timezone });
  const add = app.task('add', (x: number, y: number) => x + y);
  const report = app.task('report', { kwargs: z.object({ pages: z.int() }) }, ({ pages }) => pages);
  return { app, add, report };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('what an app needs in the cloud', () => {
  test('are the schedules of its entries, each of which tells beat its name and the time of the wake', () => {
    const { app, add } = makeApp('America/Mexico_City');
    app.beat({ 'daily-report': { task: add, args: [2, 3], schedule: daily } });
    app.beat({ often: { task: add, args: [2, 3], schedule: '45s', enabled: false } });

    const { schedules, beatFunctionName, scheduleGroup } = app.topology({ now: from });

    expect([beatFunctionName, scheduleGroup]).toEqual(['store-beat', 'store']);
    expect(schedules.map(({ input: _, ...others }) => others)).toEqual([
      {
        name: 'beat-daily-report',
        expression: 'cron(0 8 * * ? *)',
        timezone: 'America/Mexico_City',
        isEnabled: true,
        isOnce: false,
      },
      {
        name: 'beat-often',
        expression: 'cron(* * * * ? *)',
        timezone: 'UTC',
        isEnabled: false,
        isOnce: false,
      },
    ]);
    expect(JSON.parse(schedules[0]?.input ?? '')).toEqual({
      name: 'daily-report',
      time: '<aws.scheduler.scheduled-time>',
      definition: {
        task: 'add',
        schedule: daily.toJSON(),
        timezone: 'America/Mexico_City',
        missed: 'latest',
      },
    });
  });

  test('must go to a queue that the app has, if they name one', () => {
    const { app, add } = makeApp();
    const options = { queue: 'nope' };

    expect(() => app.beat({ e: { task: add, args: [1, 2], schedule: '1m', options } })).toThrow(
      "goes to queue 'nope', which app 'store' does not have",
    );
  });

  test('are the same whenever it is asked', () => {
    const { app, add } = makeApp('America/New_York');
    app.beat({
      a: { task: add, args: [1, 2], schedule: daily },
      b: { task: add.s(1, 2), schedule: crontab({ hour: 2, minute: 30 }) },
      c: { task: 'elsewhere', schedule: solar('sunrise', 52, 13) },
      d: { task: 'elsewhere', schedule: new Date('2099-01-01T00:00:00Z') },
    });

    expect(app.topology({ now: new Date('2026-07-01T00:00:00Z') })).toEqual(app.topology({ now: from }));
  });

  test('is no schedule for a date that is over: a warning says so', () => {
    const warned = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const { app } = makeApp();
    app.beat({ once: { task: 'elsewhere', schedule: new Date('2026-01-02T00:00:00Z') } });

    expect(app.topology({ now: from }).schedules.length).toBe(1);
    expect(warned).not.toHaveBeenCalled();
    expect(app.topology({ now: new Date('2026-01-03T00:00:00Z') }).schedules).toEqual([]);
    expect(warned.mock.calls).toEqual([
      [expect.stringContaining("Beat entry 'once' is left out: its date is over")],
    ]);
  });
});

describe('an entry is refused where it is written', () => {
  const { app, add, report } = makeApp();
  const other = new Tallo('other').task('add', (x: number, y: number) => x + y);

  // What TypeScript would not let through comes from plain JavaScript.
  test.for([
    [
      'a name with a space',
      { 'a b': { task: add, args: [1, 2], schedule: 30 } },
      /1 to 50 letters.*got "a b"/,
    ],
    [
      'a name that is too long',
      { ['x'.repeat(51)]: { task: add, args: [1, 2], schedule: 30 } },
      /1 to 50 letters/,
    ],
    [
      'no schedule',
      { e: { task: add, args: [1, 2] } },
      /Expected the schedule of beat entry 'e' to be seconds/,
    ],
    ['half a second', { e: { task: add, args: [1, 2], schedule: 0.5 } }, /whole seconds, 1 or more/],
    ['no zone', { e: { task: add, args: [1, 2], schedule: 30, timezone: 'Nowhere' } }, /IANA name/],
    [
      'an unknown policy',
      { e: { task: add, args: [1, 2], schedule: 30, missed: 'none' } },
      /'skip', 'latest' or 'all', got "none"/,
    ],
    ['no boolean', { e: { task: add, args: [1, 2], schedule: 30, enabled: 1 } }, /true or false, got 1/],
    [
      'an unknown option',
      { e: { task: add, args: [1, 2], schedule: 30, retries: 3 } },
      /unknown option 'retries'/,
    ],
    [
      'a countdown',
      { e: { task: add, args: [1, 2], schedule: 30, options: { countdown: 3 } } },
      /unknown option 'countdown'/,
    ],
    [
      'a task id',
      { e: { task: add, args: [1, 2], schedule: 30, options: { taskId: 'x' } } },
      /unknown option 'taskId'/,
    ],
    [
      'a signature with an id',
      { e: { task: add.s(1, 2).set({ taskId: 'x' }), schedule: 30 } },
      /without taskId and eta.*got "x"/,
    ],
    [
      'a workflow with an id',
      { e: { task: chain(add.s(1, 2), add.s(3)).freeze('y'), schedule: 30 } },
      /without taskId and eta.*got "y"/,
    ],
    [
      'a signature with a date',
      { e: { task: add.s(1, 2).set({ eta: from }), schedule: 30 } },
      /without taskId and eta/,
    ],
    [
      'arguments beside a signature',
      { e: { task: add.s(1, 2), args: [3], schedule: 30 } },
      /no args and kwargs beside a signature/,
    ],
    ['arguments that are no array', { e: { task: add, args: 1, schedule: 30 } }, /args to be an array/],
    [
      'keyword arguments for a task without',
      { e: { task: add, args: [1, 2], kwargs: {}, schedule: 30 } },
      /takes no keyword arguments/,
    ],
    [
      'keyword arguments that are no object',
      { e: { task: report, args: [3], schedule: 30 } },
      /expected the last parameter to be an object/,
    ],
    [
      'a task of another app',
      { e: { task: other, args: [1, 2], schedule: 30 } },
      /a task of app 'store', got 'add' of another app/,
    ],
    ['no task', { e: { task: 7, schedule: 30 } }, /the task of beat entry 'e' to be a signature.*got 7/],
    ['a task without a name', { e: { task: '', schedule: 30 } }, /the name of a task, got ''/],
    ['nothing', { e: null }, /an object \{ task, schedule \}, got null/],
  ] as const)('%s', ([, entries, message]) => {
    expect(() => app.beat(entries as never)).toThrow(message);
    expect(app.beatEntries.size).toBe(0);
  });

  test('a name that is given twice', () => {
    const { app: store } = makeApp();
    store.beat({ e: { task: 'elsewhere', schedule: 30 } });

    expect(() => store.beat({ f: { task: 'x', schedule: 30 }, e: { task: 'x', schedule: 30 } })).toThrow(
      /'e' is given twice/,
    );
    expect([...store.beatEntries.keys()]).toEqual(['e']);
  });
});
