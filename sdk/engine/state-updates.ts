import type { State } from '../result/states.ts';
import type { Json } from '../wire/json.ts';
import { encodeValue } from '../wire/values.ts';

/** Stores one state of a running task. */
export type SaveState = (state: State, meta: Json) => Promise<void>;

/** The states that a task sets while it runs: written one after the other, and of those that wait only the newest. */
export class StateUpdates {
  readonly #save: SaveState;
  #waiting: { state: State; meta: Json } | undefined;
  #writing: Promise<void> | undefined;
  #closed = false;

  constructor(save: SaveState) {
    this.#save = save;
  }

  /** Resolves when this state, or a newer one, is stored. Nobody has to wait for it, so a failure is never unhandled. */
  update(state: State, meta: unknown): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#waiting = { state, meta: encodeValue(meta, 'meta') };
    this.#writing ??= this.#writeAll();
    this.#writing.catch(() => undefined);
    return this.#writing;
  }

  /** Takes no more and waits for what is under way: the outcome must be written after it. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing?.catch(() => undefined);
  }

  /** A state that could not be stored does not keep a newer one from being tried. */
  async #writeAll(): Promise<void> {
    let trouble: { readonly error: unknown } | undefined;
    for (let next = this.#take(); next; next = this.#take()) {
      trouble = await this.#save(next.state, next.meta).then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
    }
    this.#writing = undefined;
    if (trouble) throw trouble.error;
  }

  #take() {
    const next = this.#waiting;
    this.#waiting = undefined;
    return next;
  }
}
