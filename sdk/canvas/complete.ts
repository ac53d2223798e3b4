import type { AppCore } from '../app/app-core.ts';
import { queueFor } from '../call/queue-for.ts';
import { ArgumentsError } from '../errors/index.ts';
import { decodeArguments, encodeArguments, type WireArguments } from '../task/arguments.ts';
import type { Json } from '../wire/json.ts';
import {
  bodyOf,
  headerOf,
  kindOf,
  readSignature,
  readSignatures,
  type SignatureJson,
  tasksOf,
  withOptions,
} from '../wire/signature.ts';
import { type ProgramArguments, programArguments, programItems } from './program-arguments.ts';
import { withBody, withHeader, withTasks } from './workflow-parts.ts';

/** Where a task stands: whether it starts at once, with the arguments that it has, or is given a result before. */
type Position = 'starts' | 'follows';

/**
 * Makes a workflow ready to be sent: the arguments of every task that will get no others are checked and encoded by its schema. What
 * is given a result first cannot be checked as a whole; its worker does so.
 *
 * @throws ArgumentsError
 */
export async function completed(
  signature: SignatureJson,
  app: AppCore,
  position: Position = 'starts',
): Promise<SignatureJson> {
  const linked = await withCompletedLinks(signature, app);
  const all = (parts: readonly SignatureJson[]) =>
    Promise.all(parts.map((part) => completed(part, app, position)));
  switch (kindOf(linked)) {
    case 'chain': {
      const steps = tasksOf(linked).map((step, i) => completed(step, app, i === 0 ? position : 'follows'));
      return withTasks(linked, await Promise.all(steps));
    }
    case 'group':
      return withTasks(linked, await all(tasksOf(linked)));
    case 'chord': {
      const withMembers = withHeader(linked, await all(tasksOf(headerOf(linked))));
      return withBody(withMembers, await completed(bodyOf(linked), app, 'follows'));
    }
    default:
      return completedTask(linked, app, position);
  }
}

async function withCompletedLinks(signature: SignatureJson, app: AppCore): Promise<SignatureJson> {
  const { link, link_error } = signature.options;
  if (link === undefined && link_error === undefined) return signature;
  const complete = async (links: Json | undefined) => {
    if (links === undefined) return undefined;
    return Promise.all(readSignatures(links, 'each callback').map((one) => completed(one, app, 'follows')));
  };
  return withOptions(signature, { link: await complete(link), link_error: await complete(link_error) });
}

async function completedTask(
  signature: SignatureJson,
  app: AppCore,
  position: Position,
): Promise<SignatureJson> {
  if (signature.task === 'celery.map' || signature.task === 'celery.starmap')
    return completedMap(signature, app);
  if (position === 'follows' && !signature.immutable) return signature;
  const program = programArguments(signature.args);
  if (program) return { ...signature, ...(await encoded(program)) };
  const { args, kwargs } = signature;
  const task = app.definitions.get(signature.task);
  if (task) await decodeArguments(task, { args, kwargs });
  return signature;
}

async function encoded({ task, positional, keyword }: ProgramArguments): Promise<WireArguments> {
  if (task.kwargs) return encodeArguments(task, [...positional, keyword]);
  const names = Object.keys(keyword);
  if (names.length === 0) return encodeArguments(task, positional);
  throw new ArgumentsError(
    `Task '${task.name}' takes no keyword arguments, got ${names.join(', ')}. Declare them with the option 'kwargs'.`,
  );
}

/** A map goes where the task goes that it runs, though that is not its name. */
async function completedMap(signature: SignatureJson, app: AppCore): Promise<SignatureJson> {
  const { kwargs, options } = signature;
  const { task: name, options: inner } = readSignature(kwargs.task, `the task of a ${signature.task}`);
  const wanted = options.queue ?? inner.queue;
  const queue = queueFor(app, name, {
    args: [],
    queue: typeof wanted === 'string' ? wanted : undefined,
  }).name;
  const program = programItems(kwargs.it);
  if (!program) return withOptions(signature, { queue });
  const runs = await Promise.all(program.runs.map((run) => encodeArguments(program.task, run)));
  const isMap = signature.task === 'celery.map';
  const it = runs.map(({ args }) => (isMap ? (args[0] ?? null) : args));
  return withOptions({ ...signature, kwargs: { ...kwargs, it } }, { queue });
}
