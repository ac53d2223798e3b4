/** Instants to come, the next one first: a binary heap. */
export class Instants {
  readonly #heap: number[] = [];

  get next(): number | undefined {
    return this.#heap[0];
  }

  add(instant: number): void {
    const heap = this.#heap;
    let place = heap.length;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above <= instant) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = instant;
  }

  dropNext(): void {
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) this.#sink(last);
  }

  /** Finds the place of what is to be put at the top. */
  #sink(instant: number): void {
    const heap = this.#heap;
    for (let place = 0; ; ) {
      const [left, right] = [2 * place + 1, 2 * place + 2];
      const child = (heap[right] ?? Infinity) < (heap[left] ?? Infinity) ? right : left;
      const below = heap[child];
      if (below === undefined || below >= instant) {
        heap[place] = instant;
        return;
      }
      heap[place] = below;
      place = child;
    }
  }
}
