import { type Json, type JsonObject, listOf } from '../wire/json.ts';
import {
  bodyOf,
  chainSignature,
  chordSignature,
  groupSignature,
  headerOf,
  kindOf,
  readSignatures,
  type SignatureJson,
  taskSignature,
  tasksOf,
  withOptions,
} from '../wire/signature.ts';

/**
 * The steps of a chain in the form that can be run: chains inside are spliced, and a group that something follows has
 * become a chord, since only a chord waits for all its members.
 */
export function stepsOf(chain: SignatureJson): readonly SignatureJson[] {
  const steps = tasksOf(chain).flatMap((step) =>
    kindOf(step) === 'chain' ? stepsOf(step) : [unchunked(step)],
  );
  const runnable: SignatureJson[] = [];
  for (const step of steps.reverse()) {
    const next = runnable.shift();
    runnable.unshift(...(next === undefined ? [step] : joined(step, next)));
  }
  return unframed(chain, runnable);
}

/** What the frame of a chain says goes to the steps that it means: arguments to the first, callbacks to the last, error callbacks to each. */
function unframed(
  { options, args }: SignatureJson,
  steps: readonly SignatureJson[],
): readonly SignatureJson[] {
  const { link, link_error, task_id: _, ...rest } = options;
  const last = steps.length - 1;
  const linked = steps.map((step, i) => {
    const called = i === last ? withCallbacks(step, listOf(link)) : step;
    return withErrbacks(called, listOf(link_error));
  });
  const [first, ...others] = linked;
  if (first === undefined) return [];
  const begun = first.immutable ? first : { ...first, args: [...args, ...first.args] };
  return [withOptions(begun, withoutPlace(rest)), ...others];
}

/** The members of a group, groups inside flattened. */
export function membersOf(group: SignatureJson): readonly SignatureJson[] {
  return tasksOf(group)
    .map(unchunked)
    .flatMap((member) => (kindOf(member) === 'group' ? membersOf(member) : [member]));
}

/** A signature of `celery.chunks` is a group of starmaps, one for each part of the list. */
export function unchunked(signature: SignatureJson): SignatureJson {
  if (signature.task !== 'celery.chunks') return signature;
  const { task = null, it, n } = signature.kwargs;
  const items = Array.isArray(it) ? it : [];
  const size = typeof n === 'number' && n >= 1 ? Math.trunc(n) : 1;
  const parts = Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    taskSignature('celery.starmap', {
      kwargs: { task, it: items.slice(i * size, (i + 1) * size) },
      immutable: true,
    }),
  );
  return groupSignature(parts, signature.options);
}

/** What a signature's options say of its place in a workflow, as Celery writes it. */
export const placeOptions = ['chain', 'chord', 'group_id', 'group_index'] as const;

function withoutPlace(options: JsonObject): JsonObject {
  const places: readonly string[] = placeOptions;
  return Object.fromEntries(Object.entries(options).filter(([name]) => !places.includes(name)));
}

/** Whether the value of a signature is the list of a group's results that nobody has collected. */
export function endsInGroup(signature: SignatureJson): boolean {
  switch (kindOf(signature)) {
    case 'group':
      return true;
    case 'chain': {
      const last = tasksOf(signature).at(-1);
      return last !== undefined && endsInGroup(last);
    }
    case 'chord':
      return endsInGroup(bodyOf(signature));
    default:
      return false;
  }
}

/** A task of Celery's that gives back what it is given: it collects the results of a group into one. */
export function collector(): SignatureJson {
  return taskSignature('celery.accumulate', { kwargs: { index: 0 } });
}

/** The same with its results in one list under one id, if it ends in a group. */
export function collected(signature: SignatureJson): SignatureJson {
  if (!endsInGroup(signature)) return signature;
  return chainSignature(stepsOf(chainSignature([signature, collector()])));
}

/** Puts an error callback where Celery puts it: on every step, on every member, on the body of a chord. */
export function withErrbacks(
  signature: SignatureJson,
  errbacks: readonly Json[],
  onHeader = false,
): SignatureJson {
  if (errbacks.length === 0) return signature;
  const put = (inner: SignatureJson) => withErrbacks(inner, errbacks, onHeader);
  const { kwargs } = signature;
  switch (kindOf(signature)) {
    case 'chain':
    case 'group':
      return { ...signature, kwargs: { ...kwargs, tasks: tasksOf(signature).map(put) } };
    case 'chord': {
      const header = headerOf(signature);
      const body = put(bodyOf(signature));
      return { ...signature, kwargs: { ...kwargs, header: onHeader ? put(header) : header, body } };
    }
    default:
      return withOptions(signature, { link_error: together(signature.options.link_error, errbacks) });
  }
}

/** Puts callbacks where Celery puts them: on the last step, on the body; on a group's first member, which takes no result. */
export function withCallbacks(signature: SignatureJson, callbacks: readonly Json[]): SignatureJson {
  if (callbacks.length === 0) return signature;
  const { kwargs } = signature;
  switch (kindOf(signature)) {
    case 'chain': {
      const steps = tasksOf(signature);
      const put = (step: SignatureJson, i: number) =>
        i === steps.length - 1 ? withCallbacks(step, callbacks) : step;
      return { ...signature, kwargs: { ...kwargs, tasks: steps.map(put) } };
    }
    case 'group': {
      const [first, ...others] = tasksOf(signature);
      const immutable = readSignatures(callbacks).map((callback) => ({ ...callback, immutable: true }));
      const tasks = first === undefined ? [] : [withCallbacks(first, immutable), ...others];
      return { ...signature, kwargs: { ...kwargs, tasks } };
    }
    case 'chord':
      return { ...signature, kwargs: { ...kwargs, body: withCallbacks(bodyOf(signature), callbacks) } };
    default:
      return withOptions(signature, { link: together(signature.options.link, callbacks) });
  }
}

/** A step and what follows it: two steps, or one chord. */
function joined(step: SignatureJson, next: SignatureJson): readonly SignatureJson[] {
  if (!endsInGroup(step)) return [step, next];
  if (kindOf(step) === 'group') return [chordSignature({ header: step, body: next })];
  // A chord whose body ends in a group: what follows belongs to that group.
  const body = chainSignature(stepsOf(chainSignature([bodyOf(step), next])));
  return [{ ...step, kwargs: { ...step.kwargs, body } }];
}

/** As in Celery, a callback that is there already is not added again. */
function together(there: Json | undefined, more: readonly Json[]): readonly Json[] {
  const all = new Map([...listOf(there), ...more].map((callback) => [JSON.stringify(callback), callback]));
  return [...all.values()];
}
