/** What may be given of a task's parameters: the last ones. */
export type Suffix<P extends readonly unknown[]> = [] | P | ShorterSuffix<P>;

type ShorterSuffix<P extends readonly unknown[]> = P extends readonly [_?: unknown, ...rest: infer R]
  ? IsOpen<P, R> extends true
    ? never
    : R extends readonly []
      ? never
      : R | ShorterSuffix<R>
  : never;

/** Whether nothing changes when the first is taken away: any number of parameters of one type. */
type IsOpen<P extends readonly unknown[], R extends readonly unknown[]> =
  P extends Readonly<R> ? true : false;

/**
 * What is missing of parameters when the last ones are given. Where optional parameters leave it open which ones were given, it is a
 * union: of `(text: string, separator?: string)`, `s('x')` misses nothing or the text.
 */
export type Missing<
  P extends readonly unknown[],
  Given extends readonly unknown[],
> = Given extends readonly [] ? P : Before<P, Given>;

type Before<P extends readonly unknown[], Given extends readonly unknown[]> = P extends readonly [
  _?: infer H,
  ...rest: infer R,
]
  ? IsOpen<P, R> extends true
    ? Given extends P
      ? P
      : never
    : (Given extends P ? [] : never) | [...Head<P, H, R>, ...Before<R, Given>]
  : never;

/** The first parameter alone, with its name where TypeScript lets us keep it. */
type Head<P extends readonly unknown[], H, R extends readonly unknown[]> = P extends readonly [
  ...infer F extends readonly [unknown],
  ...R,
]
  ? F
  : [H];

/**
 * What a signature takes from the step before it: its first missing argument. `never` if there is none, or if it is not
 * the only one that must be given.
 */
export type FirstOf<In extends readonly unknown[]> = In extends readonly []
  ? never
  : In extends readonly [_?: infer H, ...rest: infer R]
    ? [] extends R
      ? H
      : never
    : never;
