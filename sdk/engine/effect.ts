import type { Ending } from '../flow/buckets.ts';
import type { State } from '../result/states.ts';
import type { TaskDefinition } from '../task/task-definition.ts';
import type { Envelope } from '../wire/envelope.ts';
import type { Json } from '../wire/json.ts';
import type { SignatureJson } from '../wire/signature.ts';
import type { ResultTuple, TaskMeta } from '../wire/task-meta.ts';
import type { Part } from './addition.ts';
import type { Start } from './follow-up.ts';

/** Why a message lies in a dead-letter queue. */
export type DeadLetterReason = 'rejected' | 'refused' | 'not-registered' | 'not-understood' | 'worker-lost';

/** How a row is written: without looking; unless the task has ended; or that, and whoever is too late must not carry on. */
export type StoreMode = 'blindly' | 'unless-ready' | 'as-carrier';

/** An end that is no success, as rows tell it. */
export interface Failure {
  readonly state: State;
  readonly result: Json;
  readonly traceback: string | null;
}

/** One thing to do because of an outcome. */
export type Effect =
  /**
   * Send the call again, to arrive at that instant or, where a long way off, a little before: to the queue it came from, unless another
   * one is named.
   */
  | {
      readonly kind: 'resend';
      readonly envelope: Envelope;
      readonly at: number;
      readonly queue?: string;
    }
  /** Put the message into the dead-letter queue, explained. */
  | { readonly kind: 'bury'; readonly reason: DeadLetterReason; readonly error: Error }
  /** Write the task's row. */
  | { readonly kind: 'store'; readonly meta: TaskMeta; readonly mode: StoreMode }
  /** Go on only as the one message that does what follows, where no row can say which one it is. */
  | { readonly kind: 'claim'; readonly name: string }
  /** Start what follows. */
  | { readonly kind: 'start'; readonly start: Start }
  /** End the later steps, which will not start any more, and tell the chords that wait for them. */
  | {
      readonly kind: 'abandon';
      readonly chain: readonly Json[];
      readonly failure: Failure;
      readonly ending: Ending;
    }
  /** Call the error callbacks of the call of that id. */
  | {
      readonly kind: 'errbacks';
      readonly errbacks: readonly Json[];
      readonly id: string;
      readonly failure: Failure;
    }
  /** Tell the chord that the task belongs to. */
  | { readonly kind: 'part'; readonly part: Part; readonly ending: Ending };

/** What an outcome is judged with. */
export interface Circumstances {
  readonly task: TaskDefinition | undefined;
  readonly children: readonly ResultTuple[];
  /** What the task has added to its chord. */
  readonly added: readonly SignatureJson[];
  /** What follows, with the next step at the end; pages of it may still be references elsewhere. */
  readonly chain: readonly Json[];
  /** Epoch milliseconds. */
  readonly now: number;
  readonly extended: boolean;
  readonly worker: string;
  /** Whether no earlier delivery of this message can have stored an end: it is the first, or was sent back. */
  readonly isFirst: boolean;
}

/** Puts a message into the dead-letter queue for that reason. */
export function bury(reason: DeadLetterReason, error: Error): Effect {
  return { kind: 'bury', reason: error.name === 'NotRegistered' ? 'not-registered' : reason, error };
}
