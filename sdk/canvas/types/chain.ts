import type { Signature } from '../signature.ts';
import type { AnySignature, OutOf, StepOut } from './any-signature.ts';
import type { Taking } from './fits.ts';

/** The steps of a chain, where each step must take what the one before it gives. */
export type Steps<S extends readonly AnySignature[]> = number extends S['length']
  ? { [K in keyof S]: S[K] & Taking<StepOut<S[number]>, S[number]> }
  : { [K in keyof S]: S[K] & (K extends keyof Before<S> ? After<Before<S>[K], S[K]> : unknown) };

interface Given<Value> {
  readonly value: Value;
}

type After<Previous, S extends AnySignature> =
  Previous extends Given<infer Value> ? Taking<Value, S> : unknown;

/** What each step is given. Only in front of something a group of one gives a list. */
type Before<S extends readonly AnySignature[]> = S extends readonly [
  infer First extends AnySignature,
  ...infer Others extends readonly AnySignature[],
]
  ? [null, Given<OutOf<First>>, ...{ [K in keyof Others]: Given<StepOut<Others[K]>> }]
  : [];

/** The step that starts a chain. */
export type First<S extends readonly AnySignature[]> = S extends readonly [
  infer F extends AnySignature,
  ...unknown[],
]
  ? F
  : S[number];

/** The step whose value a chain gives. */
export type Last<S extends readonly AnySignature[]> = S extends readonly [
  ...unknown[],
  infer L extends AnySignature,
]
  ? L
  : S[number];

/** What a chain has instead of a handle if it may have no steps. */
export type NullIfEmpty<S extends readonly AnySignature[]> = S[number][] extends S ? null : never;

/** Steps one after the other. */
export type Chain<
  In extends readonly unknown[] = readonly unknown[],
  Out = unknown,
  Takes = unknown,
  Handle = unknown,
> = Signature<In, Out, Takes, Handle, 'chain'>;
