import type { LazyChord } from '../lazy-chord.ts';
import type { Signature } from '../signature.ts';
import type { AnySignature, HandleOf, OutOf, TakesOf } from './any-signature.ts';
import type { GroupIn, Members, Results } from './group.ts';
import type { Settled } from './settled.ts';

/** How a chord treats its header. */
export interface ChordOptions {
  /** Give the body what became of each member, `Settled`, instead of failing when one has failed. @default false */
  readonly settle?: boolean;
}

/** What a chord may wait for: an array of signatures, a group, or one that is made while it is sent. */
export type Header =
  | readonly AnySignature[]
  | AnySignature
  | Iterable<AnySignature>
  | AsyncIterable<AnySignature>;

/** What the body of a chord is given: the results in order, or what became of each. */
export type BodyTakes<H extends Header, O extends ChordOptions> = O extends { readonly settle: true }
  ? HeaderResults<H> extends infer R extends readonly unknown[]
    ? AllSettled<R>
    : never
  : HeaderResults<H>;

type AllSettled<T extends readonly unknown[]> = { [K in keyof T]: Settled<T[K]> };

type HeaderResults<H extends Header> = Results<MembersOf<H>>;

/** A group alone gives its results one by one, since groups in a header are flattened. */
type MembersOf<H extends Header> = H extends Members
  ? H
  : H extends AnySignature
    ? readonly [H]
    : H extends Iterable<infer M extends AnySignature> | AsyncIterable<infer M extends AnySignature>
      ? readonly M[]
      : never;

/** The chord of this header and body: it takes what the header takes and gives what the body gives. */
export type ChordOf<H extends Header, B extends AnySignature> = H extends Members | AnySignature
  ? Chord<GroupIn<MembersOf<H>>, OutOf<B>, TakesOf<MembersOf<H>[number]>, HandleOf<B>>
  : LazyChord<GroupIn<MembersOf<H>>, HandleOf<B>>;

/** A task or workflow that waits for a group. */
export type Chord<
  In extends readonly unknown[] = readonly unknown[],
  Out = unknown,
  Takes = unknown,
  Handle = unknown,
> = Signature<In, Out, Takes, Handle, 'chord'>;
