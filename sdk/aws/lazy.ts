/** Something that is built on first use, once. */
export class Lazy<T> {
  readonly #build: () => T;
  #built: { readonly value: T } | undefined;

  constructor(build: () => T) {
    this.#build = build;
  }

  get(): T {
    this.#built ??= { value: this.#build() };
    return this.#built.value;
  }

  /** What was built, if it was ever used. */
  peek(): T | undefined {
    return this.#built?.value;
  }
}
