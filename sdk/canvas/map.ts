import type { AppCore } from '../app/app-core.ts';
import { ConfigurationError } from '../errors/index.ts';
import type { TaskDefinition } from '../task/task-definition.ts';
import { groupSignature, type SignatureJson, taskSignature } from '../wire/signature.ts';
import { encodeValue } from '../wire/values.ts';
import { described, type Part } from './part.ts';
import { rememberItems } from './program-arguments.ts';

/** A call of `celery.map`: a worker runs the task with one item after the other, and gives the list of the results. */
export function mapOf(app: AppCore, task: TaskDefinition, items: Iterable<unknown>): Part {
  return {
    app,
    json: overItems(
      'celery.map',
      task,
      listOf(items, 'map').map((item) => [item]),
    ),
    isLone: false,
  };
}

/** The same with the arguments of each run as a list. */
export function starmapOf(app: AppCore, task: TaskDefinition, tuples: Iterable<readonly unknown[]>): Part {
  return { app, json: overItems('celery.starmap', task, runsIn(tuples, 'starmap')), isLone: false };
}

/** A group of starmaps, each over `size` tuples. */
export function chunksOf(
  app: AppCore,
  task: TaskDefinition,
  { tuples, size }: { tuples: Iterable<readonly unknown[]>; size: number },
): Part {
  if (!Number.isInteger(size) || size < 1) {
    throw new ConfigurationError(
      `Expected chunks of a whole number of items from 1, got ${described(size)}.`,
    );
  }
  const runs = runsIn(tuples, 'chunks');
  const parts = Array.from({ length: Math.ceil(runs.length / size) }, (_, i) =>
    overItems('celery.starmap', task, runs.slice(i * size, (i + 1) * size)),
  );
  return { app, json: groupSignature(parts), isLone: false };
}

function overItems(
  name: 'celery.map' | 'celery.starmap',
  task: TaskDefinition,
  runs: readonly (readonly unknown[])[],
): SignatureJson {
  if (task.kwargs) {
    throw new ConfigurationError(
      `Task '${task.name}' takes keyword arguments, which ${name} cannot give. Use a group.`,
    );
  }
  const items = runs.map((run, i) => encodeValue(name === 'celery.map' ? run[0] : run, `items[${i}]`));
  const kwargs = { task: taskSignature(task.name, {}), it: rememberItems(items, { task, runs }) };
  // Celery knows these by the task's name and leaves their type empty.
  return taskSignature(name, { kwargs, immutable: true });
}

function runsIn(tuples: Iterable<readonly unknown[]>, method: string): readonly (readonly unknown[])[] {
  return listOf(tuples, method).map((tuple, i) => {
    if (Array.isArray(tuple)) return tuple;
    throw new ConfigurationError(
      `Expected ${method} to get the arguments of each run as an array, got ${described(tuple)} in place ${i}.`,
    );
  });
}

function listOf<T>(items: Iterable<T>, method: string): readonly T[] {
  if (typeof items === 'object' && items !== null && Symbol.iterator in items) return [...items];
  throw new ConfigurationError(
    `Expected ${method} to get an array or another iterable, got ${described(items)}.`,
  );
}
