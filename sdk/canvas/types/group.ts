import type { GroupResult } from '../../result/group-result.ts';
import type { Signature } from '../signature.ts';
import type { AnySignature, HandleOf, InOf, OutOf, TakesOf } from './any-signature.ts';

/** Members of a group, listed or in an array of any length. */
export type Members = readonly AnySignature[];

/**
 * The results of members in order: a tuple if they were listed, an array if they came in one. Groups inside give their results one by
 * one, as in Celery.
 */
export type Results<S extends Members> =
  Extract<S[number], { readonly kind: 'group' }> extends never
    ? { -readonly [K in keyof S]: OutOf<S[K]> }
    : number extends S['length']
      ? Flattened<S[number]>[]
      : Collected<S>;

type Flattened<M extends AnySignature> = M extends { readonly kind: 'group' }
  ? OutOf<M> extends readonly (infer One)[]
    ? One
    : never
  : OutOf<M>;

type Collected<S extends Members, Before extends readonly unknown[] = []> = S extends readonly [
  infer M extends AnySignature,
  ...infer Rest extends Members,
]
  ? Collected<Rest, [...Before, ...ResultsOf<M>]>
  : Before;

type ResultsOf<M extends AnySignature> = M extends { readonly kind: 'group' }
  ? OutOf<M> extends infer Outs extends readonly unknown[]
    ? Outs
    : never
  : [OutOf<M>];

/** What all members miss: each gets the same arguments. Members that leave them unused have no say. */
export type GroupIn<S extends Members> = number extends S['length']
  ? [Deciding<S[number]>] extends [never]
    ? []
    : InOf<Deciding<S[number]>>
  : Met<S>;

type Deciding<M extends AnySignature> = M extends AnySignature
  ? IsImmutable<M> extends true
    ? never
    : M
  : never;

type IsImmutable<M extends AnySignature> =
  unknown extends TakesOf<M> ? ([InOf<M>] extends [readonly []] ? true : false) : false;

type Met<S extends Members, Before = unknown> = S extends readonly [
  infer M extends AnySignature,
  ...infer Rest extends Members,
]
  ? Met<Rest, IsImmutable<M> extends true ? Before : Both<Before, InOf<M>>>
  : Before extends readonly unknown[]
    ? Before
    : [];

type Both<A, B> = [A] extends [B]
  ? A
  : [B] extends [A]
    ? B
    : A extends readonly unknown[]
      ? B extends { readonly length: A['length'] }
        ? { [K in keyof A]: K extends keyof B ? A[K] & B[K] : never }
        : never
      : never;

/** The handle of a group. As in Celery, a group whose only member ends in a group gives the results of that one. */
export type HandleOfGroup<S extends Members> = S extends readonly [infer M extends AnySignature]
  ? M extends { readonly kind: 'group' }
    ? GroupResult<Results<S>>
    : HandleOf<M> extends GroupResult<infer Inner>
      ? GroupResult<Inner>
      : GroupResult<Results<S>>
  : GroupResult<Results<S>>;

/** Tasks at the same time; `Outs` are the values that they give. */
export type Group<
  In extends readonly unknown[] = readonly unknown[],
  Outs extends readonly unknown[] = unknown[],
  Takes = unknown,
  Handle = GroupResult<Outs>,
> = Signature<In, Outs, Takes, Handle, 'group'>;

/** Shown by the compiler when an array is spread over the parameters. */
export interface SpreadArray {
  readonly 'an array of any length is given as it is, group(members), since a group of one gives no list behind a step': never;
}

/** Members that are given one by one. When TypeScript finds no such list, it shows `AnySignature[]`, which nobody has spread. */
export type Listed<S extends Members> = {
  [K in keyof S]: S[K] &
    (number extends S['length'] ? (AnySignature extends S[number] ? unknown : SpreadArray) : unknown);
};
