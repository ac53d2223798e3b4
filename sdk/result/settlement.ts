import { TimeoutError } from '../errors/index.ts';
import type { TaskMeta } from '../wire/task-meta.ts';
import type { AsyncResult } from './async-result.ts';
import type { GetOptions } from './get-options.ts';
import { ancestorsOf, isTask, type Result } from './result.ts';
import { isPropagated, isReady, type State } from './states.ts';
import { type Line, View } from './view.ts';
import type { Sight } from './wait.ts';

/** A result that has not come to its end, and its place among all. */
interface Waiting {
  readonly place: number;
  readonly result: AsyncResult;
}

/**
 * What is known of results that somebody waits for. One look reads the first of those that are not ready, in one turn of
 * the event loop, and each never again once it is.
 */
export class Settlement implements Sight {
  readonly #propagate: boolean;
  readonly #followParents: boolean;
  readonly #count: number;
  readonly #lines = new Map<Result | null, Line>();
  readonly #failed = new Set<AsyncResult>();
  #waiting: readonly Waiting[];
  #firstFailed: Waiting | undefined;
  #missing: { readonly id: string; readonly state: State } | undefined;

  constructor(results: readonly AsyncResult[], { propagate = true, followParents = true }: GetOptions) {
    this.#propagate = propagate;
    this.#followParents = followParents;
    this.#count = results.length;
    this.#waiting = results
      .map((result, place) => ({ place, result }))
      .filter(({ result }) => !result.ignored);
  }

  /** The first in order that has failed. */
  get firstFailed(): AsyncResult | undefined {
    return this.#firstFailed?.result;
  }

  /** Whether it failed, or will never be ready since a step before it has failed. */
  hasFailed(result: AsyncResult): boolean {
    return this.#failed.has(result);
  }

  async look(): Promise<'enough' | 'more' | 'wait'> {
    const view = new View();
    const end = this.#waiting.findIndex(({ result }) => !view.take(result, this.#lineOf(result)));
    const looked = end < 0 ? this.#waiting : this.#waiting.slice(0, end);
    const metas = await readAll(view.rows);
    for (const line of view.lines) line.hasFailed ||= line.steps.some(({ id }) => failedIn(metas, id));
    const missing = looked.filter((waiting) => !this.#hasEnded(waiting, metas));
    this.#waiting = [...missing, ...this.#waiting.slice(looked.length)];
    const [first] = missing;
    this.#missing = first && {
      id: first.result.id,
      state: metas.get(first.result.id)?.state ?? 'PENDING',
    };
    if (this.#isEnough()) return 'enough';
    return first ? 'wait' : 'more';
  }

  timedOut(within: string): TimeoutError {
    const { id, state } = this.#missing ?? { id: 'unknown', state: 'PENDING' };
    return new TimeoutError(
      this.#count === 1
        ? `Task ${id} was not ready within ${within}; its state is ${state}.`
        : `Of ${this.#count} results ${this.#waiting.length} were not known to be ready within ${within}; the first is that of task ${id}, its state is ${state}.`,
    );
  }

  #isEnough(): boolean {
    const [next] = this.#waiting;
    if (!next) return true;
    return this.#propagate && this.#firstFailed !== undefined && this.#firstFailed.place < next.place;
  }

  #hasEnded(waiting: Waiting, metas: ReadonlyMap<string, TaskMeta>): boolean {
    const { result, place } = waiting;
    const hasEnded = isReady(metas.get(result.id)?.state ?? 'PENDING');
    const hasFailed = hasEnded ? failedIn(metas, result.id) : this.#lineOf(result).hasFailed;
    if (hasFailed) {
      this.#failed.add(result);
      if (place < (this.#firstFailed?.place ?? Number.POSITIVE_INFINITY)) this.#firstFailed = waiting;
    }
    return hasEnded || hasFailed;
  }

  #lineOf(result: AsyncResult): Line {
    const known = this.#lines.get(result.parent);
    if (known) return known;
    const steps = this.#followParents ? ancestorsOf(result).filter(isTask) : [];
    const line = { steps, hasFailed: false };
    this.#lines.set(result.parent, line);
    return line;
  }
}

async function readAll(rows: readonly AsyncResult[]): Promise<ReadonlyMap<string, TaskMeta>> {
  return new Map(await Promise.all(rows.map(async (row) => [row.id, await row.meta()] as const)));
}

function failedIn(metas: ReadonlyMap<string, TaskMeta>, id: string): boolean {
  const state = metas.get(id)?.state;
  return state !== undefined && isPropagated(state);
}
