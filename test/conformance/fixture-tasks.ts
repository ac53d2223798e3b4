import { chain, chord, group, type Signature, Tallo, type TaskContext } from 'tallo';

/** The error that `fail` throws, as in Celery's own test suite. */
export class ExpectedException extends Error {
  override readonly name = 'ExpectedException';
}

type Nested = number | readonly Nested[];

/** Any value: the fixture tasks are called with whatever the workflow has. */
// biome-ignore lint/suspicious/noExplicitAny: the tasks of Celery's suite are untyped, and so are the workflows of this one
type Value = any;

/**
 * The fixture tasks of the conformance list, in an app of their own. `messages` is what `echo` has seen, `counts` what `count` and
 * the error callbacks have counted, by key.
 */
export function fixture(options: ConstructorParameters<typeof Tallo>[1] = {}) {
  const app = new Tallo('conformance', options);
  const messages: Value[] = [];
  const counts = new Map<string, number>();
  const count = (key: string) => {
    counts.set(key, (counts.get(key) ?? 0) + 1);
    return counts.get(key) ?? 0;
  };
  const tasks = { ...plainTasks(app), ...workflowTasks(app), ...watchingTasks(app, { messages, count }) };
  return { app, messages, counts, ...tasks };
}

function plainTasks(app: Tallo) {
  const identity = app.task('identity', (x: Value): Value => x);
  const add = app.task('add', (x: Value, y: Value, z: Value = null): Value => plus(plus(x, y), z));
  const mul = app.task('mul', (x: Value, y: Value): Value => x * y);
  const tsum = app.task('tsum', (nums: Value): Value => (nums as number[]).reduce((a, b) => a + b, 0));
  const xsum = app.task('xsum', (nums: Value): Value => nested(nums));
  const fail = app.task('fail', (...args: Value[]): Value => {
    throw Object.assign(new ExpectedException('Task expected to fail'), { given: args });
  });
  const raiseError = app.task('raise_error', (..._args: Value[]): Value => {
    throw new Error('deliberate error');
  });
  const ids = app.task(
    'ids',
    { bind: true },
    (self: TaskContext, i: Value): Value => [self.request.rootId, self.request.parentId, i],
  );
  const collectIds = app.task(
    'collect_ids',
    { bind: true },
    (self: TaskContext, res: Value, i: Value): Value => [
      res,
      [self.request.rootId, self.request.parentId, i],
    ],
  );
  const retryOnce = app.task(
    'retry_once',
    { bind: true, maxRetries: 1 },
    (self: TaskContext, ..._args: Value[]): Value => {
      if (self.request.retries > 0) return self.request.retries;
      return self.retry({ countdown: 0.1 });
    },
  );
  const returnPriority = app.task(
    'return_priority',
    { bind: true },
    (self: TaskContext, ..._args: Value[]): Value => `Priority: ${self.request.deliveryInfo.priority}`,
  );
  return { identity, add, mul, tsum, xsum, fail, raiseError, ids, collectIds, retryOnce, returnPriority };
}

function workflowTasks(app: Tallo) {
  const named = (name: string, ...args: Value[]): Signature => app.signature(name, args) as Signature;
  const replaceWithChain = app.task(
    'replace_with_chain',
    { bind: true },
    (self: TaskContext, ...args: Value[]): Value =>
      self.replace(chain(named('identity', ...args), named('identity'))),
  );
  const replaceWithChainAndEcho = app.task(
    'replace_with_chain_and_echo',
    { bind: true },
    (self: TaskContext, ...args: Value[]): Value => {
      const message = args.pop();
      const steps = chain(named('identity', ...args), named('identity'));
      return self.replace(steps.link(named('echo', message).setImmutable(true)));
    },
  );
  const replaceWithRaisingChainAndEcho = app.task(
    'replace_with_chain_which_raises',
    { bind: true },
    (self: TaskContext, ...args: Value[]): Value => {
      const message = args.pop();
      const steps = chain(named('identity', ...args), named('raise_error'));
      return self.replace(steps.linkError(named('echo', message).setImmutable(true)));
    },
  );
  const replaceWithEmptyChain = app.task(
    'replace_with_empty_chain',
    { bind: true },
    (self: TaskContext): Value => self.replace(chain()),
  );
  const addReplaced = app.task(
    'add_replaced',
    { bind: true },
    (self: TaskContext, x: Value, y: Value): Value => self.replace(named('add', x, y)),
  );
  const failReplaced = app.task(
    'fail_replaced',
    { bind: true },
    (self: TaskContext, ...args: Value[]): Value => self.replace(named('fail', ...args).setImmutable(true)),
  );
  const addToAll = app.task(
    'add_to_all',
    { bind: true },
    (self: TaskContext, nums: Value, val: Value): Value =>
      self.replace(group((nums as Value[]).map((num) => named('add', num, val)))),
  );
  const addToAllToChord = app.task(
    'add_to_all_to_chord',
    { bind: true },
    (self: TaskContext, nums: Value, val: Value): Value => {
      for (const num of nums) self.addToChord(named('add', num, val));
      return 0;
    },
  );
  const addChordToChord = app.task(
    'add_chord_to_chord',
    { bind: true },
    (self: TaskContext, nums: Value, val: Value): Value => {
      self.addToChord(
        chord(
          (nums as Value[]).map((num) => named('add', num, val)),
          named('tsum'),
        ),
      );
      return 0;
    },
  );
  return {
    replaceWithChain,
    replaceWithChainAndEcho,
    replaceWithRaisingChainAndEcho,
    replaceWithEmptyChain,
    addReplaced,
    failReplaced,
    addToAll,
    addToAllToChord,
    addChordToChord,
  };
}

function watchingTasks(
  app: Tallo,
  { messages, count }: { messages: Value[]; count: (key: string) => number },
) {
  const echo = app.task('echo', (...args: Value[]): Value => {
    messages.push(args.length === 1 ? args[0] : args);
  });
  const countTask = app.task('count', (...args: Value[]): Value => count(String(args.at(-1))));
  const errbackOldStyle = app.task('errback_old_style', (id: Value): Value => count(id));
  const errbackNewStyle = app.task(
    'errback_new_style',
    (request: Value, error: Value, _traceback: Value): Value => {
      messages.push(error);
      return count(request.id);
    },
  );
  const echoGroupId = app.task('echo_group_id', { bind: true }, (self: TaskContext, _: Value): Value => {
    messages.push(self.request.group);
  });
  return { echo, count: countTask, errbackOldStyle, errbackNewStyle, echoGroupId };
}

/** Python's `+`, for numbers, texts and lists; nothing is added where nothing is given. */
function plus(x: Value, y: Value): Value {
  if (y === undefined || y === null || y === 0) return x;
  return Array.isArray(x) ? [...x, ...y] : x + y;
}

function nested(nums: Nested): number {
  return typeof nums === 'number' ? nums : nums.reduce<number>((sum, one) => sum + nested(one), 0);
}
