/** Something to happen at an instant. */
export interface Alarm {
  readonly at: number;
  readonly ring: () => void;
  /** Whether time passes to reach it. Other alarms, those of running work among them, ring when time passes over them. */
  readonly isAwaited: boolean;
}

interface Entry extends Alarm {
  /** Alarms of one instant ring in the order in which they were set. */
  readonly order: number;
  isOff: boolean;
}

/** The alarms that are set, the next one first: a binary heap, in which alarms that were called off stay until they come up. */
export class Alarms {
  readonly #heap: Entry[] = [];
  #order = 0;
  #awaited = 0;

  get areAwaited(): boolean {
    return this.#awaited > 0;
  }

  /** Sets an alarm; the function that it returns calls it off. */
  set(alarm: Alarm): () => void {
    const entry = { ...alarm, order: this.#order++, isOff: false };
    this.#heap.push(entry);
    this.#rise(this.#heap.length - 1);
    if (alarm.isAwaited) this.#awaited += 1;
    return () => this.#turnOff(entry);
  }

  /** When the next one is due. */
  nextAt(): number | undefined {
    this.#dropThoseOff();
    return this.#heap[0]?.at;
  }

  /** Takes out the next one, if it is due by then. */
  takeDue(now: number): Alarm | undefined {
    this.#dropThoseOff();
    const [next] = this.#heap;
    if (!next || next.at > now) return undefined;
    this.#turnOff(next);
    return next;
  }

  #turnOff(entry: Entry): void {
    if (entry.isOff) return;
    entry.isOff = true;
    if (entry.isAwaited) this.#awaited -= 1;
  }

  #dropThoseOff(): void {
    while (this.#heap[0]?.isOff) {
      const last = this.#heap.pop();
      if (!last || this.#heap.length === 0) continue;
      this.#heap[0] = last;
      this.#sink(0);
    }
  }

  #rise(index: number): void {
    for (let child = index; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!this.#isBefore(child, parent)) return;
      this.#swap(child, parent);
      child = parent;
    }
  }

  #sink(index: number): void {
    for (let parent = index; ; ) {
      let first = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2]) if (this.#isBefore(child, first)) first = child;
      if (first === parent) return;
      this.#swap(first, parent);
      parent = first;
    }
  }

  #isBefore(one: number, other: number): boolean {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    if (!a || !b) return false;
    return a.at === b.at ? a.order < b.order : a.at < b.at;
  }

  #swap(one: number, other: number): void {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    if (!a || !b) return;
    this.#heap[one] = b;
    this.#heap[other] = a;
  }
}
