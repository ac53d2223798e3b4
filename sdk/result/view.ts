import type { AsyncResult } from './async-result.ts';

/** Results that one look reads: 10 requests. */
const maxResults = 1_000;

/** Rows that one look reads, with those of the steps before. */
const maxRows = 1_100;

/** Steps before a result that are watched, with it one request. Those nearest the root: what is later cannot have begun. */
const maxSteps = 99;

/** The steps before a result, root first. Members of a group share one. */
export interface Line {
  readonly steps: readonly AsyncResult[];
  hasFailed: boolean;
}

/** What one look reads: results, and with them the steps before. */
export class View {
  readonly #rows = new Map<string, AsyncResult>();
  readonly #lines = new Set<Line>();
  #unread = 0;
  #results = 0;

  get rows(): readonly AsyncResult[] {
    return [...this.#rows.values()];
  }

  get lines(): ReadonlySet<Line> {
    return this.#lines;
  }

  /** Takes a result in, if one look may read that much. What is known already costs nothing. */
  take(result: AsyncResult, line: Line): boolean {
    const steps = result.isSettled || this.#lines.has(line) ? [] : watched(line);
    const rows = [result, ...steps].filter(({ id }) => !this.#rows.has(id));
    const unread = rows.filter(({ isSettled }) => !isSettled).length;
    if (unread > 0 && (this.#unread + unread > maxRows || this.#results >= maxResults)) return false;
    for (const row of rows) this.#rows.set(row.id, row);
    this.#unread += unread;
    if (result.isSettled) return true;
    this.#lines.add(line);
    this.#results += 1;
    return true;
  }
}

function watched({ steps }: Line): readonly AsyncResult[] {
  const settled = steps.filter(({ isSettled }) => isSettled);
  const open = steps.filter(({ isSettled }) => !isSettled);
  return [...settled, ...open.slice(0, maxSteps)];
}
