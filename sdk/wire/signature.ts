import { DecodeError } from '../errors/index.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';

/**
 * A signature as it travels: a call that is not made yet, in exactly Celery's keys. Options bear Celery's names
 * (`task_id`, `group_id`, `link`, `link_error`, `chord`, `chain`, `queue`, `countdown` ...).
 *
 * @see https://docs.celeryq.dev/en/stable/userguide/canvas.html#signatures
 */
export type SignatureJson = {
  readonly task: string;
  readonly args: readonly Json[];
  readonly kwargs: JsonObject;
  readonly options: JsonObject;
  readonly subtask_type: string | null;
  readonly immutable: boolean;
};

/** What a signature is: one task (also a map, starmap or chunk), or a workflow of several. */
export type SignatureKind = 'task' | 'chain' | 'group' | 'chord';

const workflows: ReadonlySet<string> = new Set(['chain', 'group', 'chord']);

export function kindOf({ task, subtask_type }: SignatureJson): SignatureKind {
  const type = subtask_type ?? task.replace(/^celery\./, '');
  const isWorkflow = workflows.has(type) && task === `celery.${type}`;
  return isWorkflow ? (type as SignatureKind) : 'task';
}

/**
 * Reads a signature that somebody else wrote; what it holds inside is read when it is needed.
 *
 * @throws DecodeError
 */
export function readSignature(json: Json | undefined, what = 'a signature'): SignatureJson {
  if (!isJsonObject(json) || typeof json.task !== 'string' || json.task === '') {
    throw new DecodeError(
      `Expected ${what} to be a signature { task, args, kwargs, options, subtask_type, immutable }, got ${JSON.stringify(json)?.slice(0, 200)}.`,
    );
  }
  return {
    task: json.task,
    args: Array.isArray(json.args) ? json.args : [],
    kwargs: isJsonObject(json.kwargs) ? json.kwargs : {},
    options: isJsonObject(json.options) ? json.options : {},
    subtask_type: typeof json.subtask_type === 'string' ? json.subtask_type : null,
    immutable: json.immutable === true,
  };
}

/** A list of signatures; one alone counts as a list, as `link` and `link_error` may be given. */
export function readSignatures(json: Json | undefined, what?: string): readonly SignatureJson[] {
  if (json === undefined || json === null) return [];
  return (Array.isArray(json) ? json : [json]).map((one) => readSignature(one, what));
}

/** The steps of a chain, or the members of a group. */
export function tasksOf({ task, kwargs }: SignatureJson): readonly SignatureJson[] {
  return readSignatures(kwargs.tasks, `each of the tasks of a ${task}`);
}

/** A chord's header: a group, also if only its list was written. */
export function headerOf({ kwargs, options }: SignatureJson): SignatureJson {
  const { header } = kwargs;
  if (!Array.isArray(header)) {
    const only = readSignature(header, 'the header of a chord');
    return kindOf(only) === 'group' ? only : groupSignature([only]);
  }
  const { task_id } = options;
  // In Celery the id on a chord that only has a list is the id of its header.
  return groupSignature(
    readSignatures(header, 'each member of a header'),
    task_id === undefined ? {} : { task_id },
  );
}

export function bodyOf({ kwargs }: SignatureJson): SignatureJson {
  return readSignature(kwargs.body, 'the body of a chord');
}

export function taskSignature(
  task: string,
  { args = [], kwargs = {}, options = {}, subtask_type = null, immutable = false }: Partial<SignatureJson>,
): SignatureJson {
  return { task, args, kwargs, options, subtask_type, immutable };
}

export function chainSignature(tasks: readonly SignatureJson[], options: JsonObject = {}): SignatureJson {
  return taskSignature('celery.chain', { kwargs: { tasks }, options, subtask_type: 'chain' });
}

export function groupSignature(tasks: readonly SignatureJson[], options: JsonObject = {}): SignatureJson {
  return taskSignature('celery.group', { kwargs: { tasks }, options, subtask_type: 'group' });
}

/** `settle` is ours: the body gets the outcome of each member, failed ones too. */
export function chordSignature(
  { header, body, settle = false }: { header: SignatureJson; body: SignatureJson; settle?: boolean },
  options: JsonObject = {},
): SignatureJson {
  const settled = settle ? { settle } : {};
  return taskSignature('celery.chord', {
    kwargs: { header, body, kwargs: {}, ...settled },
    options,
    subtask_type: 'chord',
  });
}

/** The same with some options set; undefined takes one away. */
export function withOptions<T extends SignatureJson>(
  signature: T,
  options: Readonly<Record<string, Json | undefined>>,
): T {
  const merged = Object.entries({ ...signature.options, ...options });
  return {
    ...signature,
    options: Object.fromEntries(merged.filter((entry): entry is [string, Json] => entry[1] !== undefined)),
  };
}

/** The id of a group's member that is one task: a group of 100,000 needs no list of ids. */
export function memberId(groupId: string, index: number): string {
  return `${groupId}:${index}`;
}

/** The id under which the result of a signature will be found; undefined if it has none yet. */
export function resultId(signature: SignatureJson): string | undefined {
  switch (kindOf(signature)) {
    case 'chain': {
      const last = tasksOf(signature).at(-1);
      return last && resultId(last);
    }
    case 'chord':
      return resultId(bodyOf(signature));
    default: {
      const { task_id } = signature.options;
      return typeof task_id === 'string' ? task_id : undefined;
    }
  }
}
