import { chain, group, SoftTimeLimitExceeded, type Tallo, type TaskContext, TaskError } from 'tallo';
import type { fixture } from './fixture-tasks.ts';
import { world } from './world.ts';

/** Any value, as in the fixture tasks. */
// biome-ignore lint/suspicious/noExplicitAny: the tasks of Celery's suite are untyped, and so are the workflows of this one
export type Value = any;

/** Celery's tests wait for seconds; here an hour costs nothing, and a workflow that hangs fails. */
export const patience = { timeout: '1h' } as const;

/** Those of `world` with more fixture tasks: those that sleep, start others, or fail with several arguments. */
export function stage(
  appOptions: Parameters<typeof world>[1] = {},
  cloudOptions: Parameters<typeof world>[0] = {},
) {
  const it = world(cloudOptions, appOptions);
  return { ...it, ...slowTasks(it.app), ...startingTasks(it), ...failingTasks(it.app) };
}

interface Startable {
  delay(): Promise<{ get(options: { timeout: '1h' }): Promise<unknown> } | null>;
}

/** Starts a workflow and waits for its value. */
export async function valueFrom(signature: Startable): Promise<unknown> {
  const result = await signature.delay();
  return result === null ? null : result.get(patience);
}

function slowTasks(app: Tallo) {
  const pause = async (seconds: number, signal: AbortSignal) =>
    (await app.connection()).cloud.clock.sleep(seconds * 1_000, signal);
  const total = (nums: Value): number => (nums as number[]).reduce((a, b) => a + b, 0);
  const delayedSum = app.task(
    'delayed_sum',
    { bind: true },
    async (self: TaskContext, nums: Value, seconds: Value): Promise<Value> => {
      await pause(seconds, self.signal);
      return total(nums);
    },
  );
  const delayedSumWithSoftGuard = app.task(
    'delayed_sum_with_soft_guard',
    { bind: true },
    async (self: TaskContext, nums: Value, seconds: Value): Promise<Value> => {
      try {
        await pause(seconds, self.signal);
        return total(nums);
      } catch (error) {
        if (error instanceof SoftTimeLimitExceeded) return 0;
        throw error;
      }
    },
  );
  return { delayedSum, delayedSumWithSoftGuard };
}

function startingTasks({ app, add, echo, messages }: ReturnType<typeof fixture>) {
  const chainAdd = app.task('chain_add', async (x: Value, y: Value): Promise<Value> => {
    const result = await chain(add.s(x, x), add.s(y)).delay();
    return result.get();
  });
  const buildChainInsideTask = app.task(
    'build_chain_inside_task',
    async (): Promise<Value> => chain(add.s(1, 1), add.s(2), group(add.s(3), add.s(4)), add.s(5)).delay(),
  );
  const startGroup = app.task(
    'start_group',
    async (): Promise<Value> => group(add.s(1, 1), add.s(2, 2)).delay(),
  );
  const secondOrderReplace1 = app.task(
    'second_order_replace1',
    { bind: true },
    (self: TaskContext, state: Value = false): Value => {
      messages.push(state ? 'Out A' : 'In A');
      if (!state) self.replace(chain(app.signature('second_order_replace2'), secondOrderReplace1.si(true)));
    },
  );
  app.task('second_order_replace2', { bind: true }, (self: TaskContext, state: Value = false): Value => {
    messages.push(state ? 'Out B' : 'In B');
    const again = app.signature('second_order_replace2', [true]).setImmutable(true);
    if (!state) self.replace(chain(echo.si('In/Out C'), again));
  });
  return { chainAdd, buildChainInsideTask, startGroup, secondOrderReplace1 };
}

function failingTasks(app: Tallo) {
  /** As `fail`, with all arguments of the exception: only a TaskError has more than a message. */
  const failWith = app.task('fail_with', (...args: Value[]): Value => {
    throw new TaskError('ExpectedException', ['Task expected to fail', ...args]);
  });
  const returnException = app.task('return_exception', (...args: Value[]): Value => args);
  return { failWith, returnException };
}
