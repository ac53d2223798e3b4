import type { AsyncResult } from '../../result/async-result.ts';
import type { GroupResult } from '../../result/group-result.ts';
import type { SignatureJson, SignatureKind } from '../../wire/signature.ts';

/**
 * What the types of a signature know of it; nothing of it exists at run time. What is taken stands as a parameter, so that a
 * signature that takes less never passes for one that takes more.
 */
export interface SignatureTypes<In extends readonly unknown[], Out, Takes, Handle> {
  readonly in: (...missing: In) => void;
  readonly out: Out;
  readonly takes: (value: Takes) => void;
  readonly handle: Handle;
}

/** Any signature, whatever it takes and gives. */
export interface AnySignature {
  readonly '~types': SignatureTypes<never, unknown, never, unknown>;
  readonly kind: SignatureKind;
  toJSON(): SignatureJson;
}

/** The arguments that a signature still misses. */
export type InOf<S extends AnySignature> = S['~types']['in'] extends (...missing: infer In) => void
  ? In
  : never;

/** The value that a signature gives. */
export type OutOf<S extends AnySignature> = S['~types']['out'];

/** What a signature takes from the step before it; of several signatures, what all of them take. */
export type TakesOf<S extends AnySignature> = S['~types']['takes'] extends (value: infer Takes) => void
  ? Takes
  : never;

/** The handle that starting a signature gives. */
export type HandleOf<S extends AnySignature> = S['~types']['handle'];

/** What a signature gives as a later step of a chain: there a group that was written as `group(one)` is its only member. */
export type StepOut<S extends AnySignature> = S extends { readonly kind: 'group' }
  ? OutOf<S> extends readonly [infer Only]
    ? Only
    : OutOf<S>
  : OutOf<S>;

/** The handle of a signature as the last step of a chain. */
export type StepHandle<S extends AnySignature> = S extends { readonly kind: 'group' }
  ? OutOf<S> extends readonly [infer Only]
    ? HandleOf<S> extends GroupResult<[Only]>
      ? AsyncResult<Only>
      : HandleOf<S>
    : HandleOf<S>
  : HandleOf<S>;
