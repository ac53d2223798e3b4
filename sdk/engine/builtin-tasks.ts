import type { AppCore } from '../app/app-core.ts';
import { ArgumentsError, NotRegistered } from '../errors/index.ts';
import { chordUnlock, resultsToUnlock } from '../flow/chord-unlock.ts';
import { decodeArguments } from '../task/arguments.ts';
import { defineTask, type TaskDefinition } from '../task/task-definition.ts';
import type { Envelope } from '../wire/envelope.ts';
import type { Json } from '../wire/json.ts';
import { readSignature } from '../wire/signature.ts';
import { decodeValue } from '../wire/values.ts';
import { encodeResult } from './encode-result.ts';
import type { TaskContext } from './task-context.ts';

/** How each of Celery's own tasks runs. They take what has travelled as it is. */
type Builtin = (envelope: Envelope, self: TaskContext, app: AppCore) => unknown;

/**
 * The tasks that Celery brings along and that arrive in messages.
 *
 * @see https://docs.celeryq.dev/en/stable/userguide/canvas.html#map-starmap
 */
const builtins: Readonly<Record<string, Builtin>> = {
  'celery.accumulate': ({ args, kwargs }) => {
    const { index = null } = kwargs;
    return decodeValue(typeof index === 'number' ? (args[index] ?? null) : args);
  },
  'celery.map': (envelope, self, app) => runAll(envelope, (item) => [item], { self, app }),
  'celery.starmap': (envelope, self, app) => runAll(envelope, listed, { self, app }),
  [chordUnlock]: async (envelope, self, app) => {
    const results = await resultsToUnlock(envelope, app);
    if (results) return decodeValue(results);
    const { interval } = envelope.kwargs;
    return self.retry({ countdown: typeof interval === 'number' ? interval : 1, maxRetries: null });
  },
  'celery.chunks': async (envelope, self, app) => {
    const { n = 1 } = envelope.kwargs;
    const values = await runAll(envelope, listed, { self, app });
    const size = typeof n === 'number' && n >= 1 ? Math.trunc(n) : 1;
    return Array.from({ length: Math.ceil(values.length / size) }, (_, i) =>
      values.slice(i * size, (i + 1) * size),
    );
  },
};

/** The task of that name: the app's own, or one of those that Celery brings along. */
export function findTask(app: AppCore, name: string): TaskDefinition | undefined {
  return app.definitions.get(name) ?? builtinTask(app, name);
}

function builtinTask(app: AppCore, name: string): TaskDefinition | undefined {
  const run = Object.hasOwn(builtins, name) ? builtins[name] : undefined;
  if (!run) return undefined;
  const definition = defineTask(
    name,
    { bind: true },
    {
      // `raw`: the envelope is the one parameter beside self.
      run: (self, envelope) => run(envelope as Envelope, self as TaskContext, app),
      defaults: app.settings.taskDefaults,
    },
  );
  return { ...definition, raw: true };
}

/** One after the other, in one message. */
async function runAll(
  { task, kwargs }: Envelope,
  toArgs: (item: Json) => readonly Json[],
  { self, app }: { self: TaskContext; app: AppCore },
): Promise<readonly unknown[]> {
  const { it } = kwargs;
  if (!Array.isArray(it)) throw new ArgumentsError(`Expected '${task}' to be given a list 'it', got none.`);
  const inner = innerTask(app, kwargs.task);
  const values: unknown[] = [];
  for (const item of it) {
    const parameters = await decodeArguments(inner, { args: toArgs(item), kwargs: {} });
    const value = await (inner.bind ? inner.run(self, ...parameters) : inner.run(...parameters));
    values.push(decodeValue(await encodeResult(inner, value)));
  }
  return values;
}

function innerTask(app: AppCore, json: Json | undefined): TaskDefinition {
  const { task } = readSignature(json, 'the task of a map');
  const inner = app.definitions.get(task);
  if (inner) return inner;
  throw new NotRegistered(
    `Expected a task that app '${app.name}' defines, got '${task}'. Is its module imported?`,
  );
}

function listed(item: Json): readonly Json[] {
  if (Array.isArray(item)) return item;
  throw new ArgumentsError(
    `Expected each item to be a list of arguments, got ${JSON.stringify(item)?.slice(0, 100)}.`,
  );
}
