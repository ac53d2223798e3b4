import type { Delivery } from '../engine/delivery.ts';
import type { Failure } from '../engine/effect.ts';
import { decodeException } from '../wire/exception.ts';
import type { Json } from '../wire/json.ts';

/** What became of a task. */
export type Ended =
  /** `isKept`: whether a worker would have stored the value. */
  | { readonly kind: 'done'; readonly value: Json; readonly isKept: boolean }
  /** The delivery is the one whose end it was. */
  | { readonly kind: 'failed'; readonly failure: Failure; readonly delivery: Delivery }
  /** It threw Ignore, or wanted to be put back: nothing is known of it, and nothing follows. */
  | { readonly kind: 'silent' };

/** A member of a chord, or of a group, that has ended. */
export interface Member {
  /** Of its result. */
  readonly id: string;
  readonly ended: Ended;
}

/** What became of a signature: that is, of the last of its tasks. */
export interface End {
  readonly ended: Ended;
  /** The members that its last task has added to its chord. */
  readonly added: readonly Member[];
  /** The delivery that came last; undefined: there was nothing to run. */
  readonly by: Delivery | undefined;
}

/** What the body of a chord is given for a member that has not failed; with `settle`, for any. */
export function memberValue({ id, ended }: Member, settle = false): Json {
  switch (ended.kind) {
    case 'failed': {
      const { state, result, traceback } = ended.failure;
      const { name, message } = decodeException(result, traceback);
      return { id, state, error: { name, message } };
    }
    case 'done':
      if (ended.isKept) return settle ? { id, state: 'SUCCESS', result: ended.value } : ended.value;
  }
  return settle ? { id, state: 'IGNORED', error: null } : null;
}

/** The first member, in order, that has failed. */
export function firstFailed(members: readonly Member[]): Extract<Ended, { kind: 'failed' }> | undefined {
  return members.map(({ ended }) => ended).find((ended) => ended.kind === 'failed');
}
