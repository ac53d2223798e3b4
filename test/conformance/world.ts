import { type MemoryCloudOptions, memoryCloud } from 'tallo/testing';
import { fixture } from './fixture-tasks.ts';

/** The fixture tasks with a memory cloud, whose worker runs beside. */
export function world(options: MemoryCloudOptions = {}, appOptions: Parameters<typeof fixture>[0] = {}) {
  const tasks = fixture(appOptions);
  const cloud = memoryCloud(tasks.app, options);
  return { ...tasks, cloud, [Symbol.asyncDispose]: () => cloud.stop() };
}

export type World = ReturnType<typeof world>;

/** Whatever a fixture task takes or gives. */
// biome-ignore lint/suspicious/noExplicitAny: the tasks of Celery's suite are untyped, and so are the workflows of this one
export type Anything = any;

/** A signature of any kind. */
export interface Startable {
  delay(): Promise<{ get(options: { timeout: '1h' }): Promise<unknown> } | null>;
}

/** Starts a workflow and gives its value. An hour takes no time here: what hangs fails. */
export async function outcomeOf(workflow: Startable): Promise<Anything> {
  const result = await workflow.delay();
  return result?.get({ timeout: '1h' });
}

/** So many of the same. */
export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

/** What `fail` throws, as whoever waits sees it. */
export const expectedException = { name: 'ExpectedException', message: 'Task expected to fail' };
