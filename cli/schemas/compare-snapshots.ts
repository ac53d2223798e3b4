import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../sdk/wire/json.ts';
import { compareSchemas } from './compare/compare-schemas.ts';
import { type Difference, isBreaking } from './compare/difference.ts';
import type { Snapshot, TaskSnapshot } from './snapshot.ts';

/** Something about a task that is otherwise than in the file. */
export interface Finding {
  readonly task: string;
  /** `args[0].currency`; null: the task as a whole. */
  readonly field: string | null;
  readonly message: string;
}

/** What has become of the tasks since a snapshot. */
export interface Comparison {
  /** What waiting messages may not survive. */
  readonly findings: readonly Finding[];
  /** What they survive. */
  readonly notes: readonly Finding[];
  readonly isUpToDate: boolean;
}

/** Compares the tasks of the code that is deployed with those of the code that shall follow. */
export function compareSnapshots(deployed: Snapshot, current: Snapshot): Comparison {
  const names = [...new Set([...Object.keys(deployed.tasks), ...Object.keys(current.tasks)])].toSorted();
  const differences = names.flatMap((task) => {
    const [old, next] = [taskOf(deployed, task), taskOf(current, task)];
    return compareTasks(old, next, { deployed, current }).map((difference) => ({ task, ...difference }));
  });
  const pick = (breaking: boolean) =>
    differences.filter((one) => isBreaking(one) === breaking).map(toFinding);
  return { findings: pick(true), notes: pick(false), isUpToDate: isDeepStrictEqual(deployed, current) };
}

/** A difference of the task as a whole has no field. */
type TaskDifference = Omit<Difference, 'field'> & { readonly field: string | null };

interface Snapshots {
  readonly deployed: Snapshot;
  readonly current: Snapshot;
}

function compareTasks(
  old: TaskSnapshot | undefined,
  next: TaskSnapshot | undefined,
  snapshots: Snapshots,
): readonly TaskDifference[] {
  if (old === undefined) return [{ field: null, message: 'is new.', advice: undefined }];
  if (next === undefined) return [goneTask(old, snapshots)];
  return [...compareArgs(old.args, next.args), ...compareKwargs(old, next), ...compareResults(old, next)];
}

function goneTask(old: TaskSnapshot, { deployed, current }: Snapshots): TaskDifference {
  const twin = Object.entries(current.tasks).find(
    ([name, task]) => deployed.tasks[name] === undefined && isDeepStrictEqual(task, old),
  );
  const advice = 'Keep it until they have run.';
  const message = 'is gone, and waiting messages call it.';
  if (twin === undefined) return { field: null, message, advice };
  return {
    field: null,
    message,
    advice: `${advice} If it is called '${twin[0]}' now, define it under both names.`,
  };
}

function compareArgs(old: JsonObject, next: JsonObject): readonly TaskDifference[] {
  const differences = compareSchemas(old, next, 'args');
  if (hasSchema(old) || !hasSchema(next) || !differences.some(isBreaking)) return differences;
  const message = 'have a schema now, and waiting messages were written without one.';
  return [{ field: 'args', message, advice: 'Accept it if you know that they fit.' }];
}

/** Without one only the number of arguments is known. */
export function hasSchema(args: JsonObject): boolean {
  return Object.keys(args).some((keyword) => !['type', 'minItems', 'maxItems'].includes(keyword));
}

/** The engine refuses those of a task that declares none. */
const noKwargs: JsonObject = { type: 'object', additionalProperties: false };

function compareKwargs(old: TaskSnapshot, next: TaskSnapshot): readonly Difference[] {
  return compareSchemas(old.kwargs ?? noKwargs, next.kwargs ?? noKwargs, 'kwargs');
}

/** Nobody waits in a queue with a result: those that are stored may be refused by `get`, and new ones are new. */
function compareResults(
  { result: old }: TaskSnapshot,
  { result: next }: TaskSnapshot,
): readonly Difference[] {
  const asNote = (message: string): Difference => ({ field: 'result', message, advice: undefined });
  if (old === undefined && next === undefined) return [];
  if (old === undefined) return [asNote('has a schema now, also for what is stored already.')];
  if (next === undefined) return [asNote('has no schema any more, also for what is stored already.')];
  return compareSchemas(old, next, 'result').map((difference) => ({
    ...difference,
    message: difference.message.replace('waiting messages', 'stored results'),
    advice: undefined,
  }));
}

function taskOf({ tasks }: Snapshot, name: string): TaskSnapshot | undefined {
  return Object.hasOwn(tasks, name) ? tasks[name] : undefined;
}

function toFinding({ task, field, message, advice }: TaskDifference & { task: string }): Finding {
  return { task, field, message: advice === undefined ? message : `${message} ${advice}` };
}
