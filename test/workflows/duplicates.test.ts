import { chain } from 'tallo';
import { describe, expect, test } from 'vitest';
import type { Anything } from '../conformance/world.ts';
import * as disturbances from './disturbances.ts';
import { type Circumstances, type Performance, perform } from './perform.ts';
import { stories } from './stories.ts';

// What is counted: each call at `queues.send`, which is what workers ask for, by its id and attempt. A body that is enqueued twice, or
// something that follows one and is enqueued twice, counts two there, also where the second has no effect.

/** Members that are added are sent before the row that tells of them, by each copy. */
const sentByEveryCopy = ['a member that adds others', 'a member that adds a chord'];

const names = Object.keys(stories);

function performed(name: string, circumstances?: Circumstances): Promise<Performance> {
  const make = stories[name];
  if (!make) throw new Error(`there is no story of ${name}`);
  return perform(make, circumstances);
}

/** The same end, the same calls, and none of them more often than that. */
function expectSame({ sends, ...end }: Performance, usual: Performance, most: number): void {
  const { sends: usualSends, ...usualEnd } = usual;
  expect(end).toEqual(usualEnd);
  expect([...sends.keys()].sort()).toEqual([...usualSends.keys()].sort());
  expect(Math.max(...sends.values())).toBeLessThanOrEqual(most);
}

describe('a workflow ends the same, and enqueues each call once, if every message comes twice:', () => {
  test.each(names)('%s', async (name) => {
    const usual = await performed(name);
    const most = sentByEveryCopy.includes(name) ? 2 : 1;

    expectSame(await performed(name, { cloud: { duplicates: 1 } }), usual, most);
    for (const seed of [1, 2, 3]) {
      const disturb = disturbances.slowedDown(seed);
      expectSame(await performed(name, { cloud: { seed: 1, duplicates: 1 }, disturb }), usual, most);
    }
  });
});

/** Of very many, only some. */
function positionsOf({ sends }: Performance): number[] {
  const count = [...sends.values()].reduce((sum, n) => sum + n, 0);
  const step = Math.ceil(count / 10);
  return Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step);
}

describe.each([
  ['a copy of it comes at once', disturbances.copiedAtOnce, 1],
  ['a copy of it comes when it has been acknowledged', disturbances.copiedInTurn, 1],
  ['a copy of it comes when all is over', disturbances.copiedLater, 1],
  ['its acknowledgement is lost', disturbances.redelivered, 1],
  // Both deliveries are of one message, so both are the one that carries on.
  ['it comes again while it is being dealt with', disturbances.redeliveredMeanwhile, 2],
] as const)('a workflow ends the same, whichever message it is, if %s:', (_what, disturbance, most) => {
  test.each(names)('%s', async (name) => {
    const usual = await performed(name);
    const mostHere = sentByEveryCopy.includes(name) ? 2 : most;

    for (const position of positionsOf(usual)) {
      expectSame(await performed(name, { disturb: disturbance(position) }), usual, mostHere);
    }
  });
});

describe('the number of messages', () => {
  test('grows with the number of steps, and not faster, if every message comes twice', async () => {
    const { sends } = await performed('a chain of 42', { cloud: { duplicates: 1 } });

    expect([sends.size, ...new Set(sends.values())]).toEqual([42, 1]);
  });

  test('grows with the number of retries, and not faster', async () => {
    const { sends } = await perform(
      ({ app, identity }) => {
        const retried = app.task(
          'retried',
          { bind: true, maxRetries: 8 },
          (self): Anything => (self.request.retries < 8 ? self.retry({ countdown: 1 }) : 'at last'),
        );
        return chain(retried.s(), identity.s());
      },
      { cloud: { duplicates: 1 } },
    );

    expect([sends.size, ...new Set(sends.values())]).toEqual([10, 1]);
  });
});

describe('a step that gives another value each time', () => {
  test.each(Object.entries(disturbances))(
    'hands on the value that its row tells: %s',
    async (_kind, disturb) => {
      for (const seed of [0, 1, 2]) {
        const { rows, outcome } = await perform(
          ({ app, identity }) => {
            let tickets = 0;
            const ticket = app.task('ticket', (): Anything => {
              tickets += 1;
              return tickets;
            });
            return chain(
              ticket.si().set({ taskId: 'ticket' }),
              identity.s().set({ taskId: 'next' }),
              identity.s(),
            );
          },
          { cloud: { duplicates: 1 }, disturb: disturb(seed) },
        );

        expect(rows["b'celery-task-meta-next'"]).toBe(rows["b'celery-task-meta-ticket'"]);
        expect(rows["b'celery-task-meta-ticket'"]).toBe(JSON.stringify(['SUCCESS', outcome]));
      }
    },
  );
});
