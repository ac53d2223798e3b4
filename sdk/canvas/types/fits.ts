import type { AnySignature, TakesOf } from './any-signature.ts';

/** Shown by the compiler at a step that cannot take what the step before it returns. */
export interface CannotTake<Got, Takes> {
  readonly 'the step before returns': Got;
  readonly 'this step takes': Takes;
}

/** Shown by the compiler at a step that takes nothing, or not that alone; at a group too whose members take different things. */
export interface TakesNoResult<Got> {
  readonly 'the step before returns': Got;
  readonly 'this step takes no result: leave exactly its first argument out of s(), or ignore the result with si()': never;
}

/** What a step must be beside a signature: nothing more if it takes that value, else something that it never is. */
export type Taking<Got, S extends AnySignature> =
  Fits<Got, TakesOf<S>> extends true
    ? unknown
    : [TakesOf<S>] extends [never]
      ? TakesNoResult<Got>
      : CannotTake<Got, TakesOf<S>>;

type Fits<Got, Takes> = [Got] extends [Takes] ? true : [Known<Got>] extends [Takes] ? true : false;

/**
 * What nobody knows the type of fits everywhere, also among the results of a group. Else a task that lives elsewhere could stand
 * before no other. Not deeper than results of groups in groups, or a type that contains itself would never end.
 */
export type Known<T, Depth extends readonly unknown[] = []> = unknown extends T
  ? never
  : Depth['length'] extends 3
    ? T
    : T extends readonly unknown[]
      ? { -readonly [K in keyof T]: Known<T[K], [...Depth, 0]> }
      : T;
