import type { Chance } from '../../sdk/ports/chance.ts';

/** What waits to be taken. Each step costs the same however many wait, so that a large run takes time in proportion. */
export interface Waiting<T> extends Iterable<T> {
  readonly size: number;
  add(member: T): void;
  delete(member: T): void;
  /** Takes the next one out. */
  take(): T | undefined;
}

/** What can wait in any order: it bears its own place, which finds it quicker than a map of places would. */
export interface Placed {
  /** Where it stands in the line; undefined: in none. */
  place?: number | undefined;
}

/** Chance decides which one is next, so that a seed repeats it. */
export class InAnyOrder<T extends Placed> implements Waiting<T> {
  readonly #chance: Chance;
  readonly #line: T[] = [];

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  get size(): number {
    return this.#line.length;
  }

  add(member: T): void {
    member.place = this.#line.length;
    this.#line.push(member);
  }

  /** The last one takes its place. */
  delete(member: T): void {
    const { place } = member;
    if (place === undefined) return;
    member.place = undefined;
    const last = this.#line.pop();
    if (last === undefined || last === member) return;
    this.#line[place] = last;
    last.place = place;
  }

  take(): T | undefined {
    const member = this.#line[Math.floor(this.#chance.random() * this.#line.length)];
    if (member) this.delete(member);
    return member;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#line.values();
  }
}

/** First in, first out. */
export class InOrder<T extends object> implements Waiting<T> {
  readonly #members = new Set<T>();
  /** Goes through all that are ever added. A new one would pass over the gaps of those that were taken, each time. */
  readonly #front = this.#members.values();

  get size(): number {
    return this.#members.size;
  }

  add(member: T): void {
    this.#members.add(member);
  }

  delete(member: T): void {
    this.#members.delete(member);
  }

  take(): T | undefined {
    // At its end it would stay there, and see nothing that is added later.
    if (this.#members.size === 0) return undefined;
    const { value } = this.#front.next();
    if (value) this.#members.delete(value);
    return value;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#members.values();
  }
}
