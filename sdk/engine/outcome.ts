import type { Reject, RetryChanges, WorkerLostError } from '../errors/index.ts';
import type { Json } from '../wire/json.ts';
import type { Marks } from '../wire/marks.ts';
import type { SignatureJson } from '../wire/signature.ts';
import type { TaskMeta } from '../wire/task-meta.ts';

/** What became of a delivery: plain data, from which the effects are computed. */
export type Outcome =
  | { readonly kind: 'success'; readonly result: Json }
  | { readonly kind: 'failure'; readonly error: unknown }
  /** To run again at that instant, epoch milliseconds; with what is another's from then on. */
  | {
      readonly kind: 'retry';
      readonly at: number;
      readonly error: unknown;
      readonly changes?: RetryChanges;
    }
  /** The task threw `Ignore`. */
  | { readonly kind: 'ignored' }
  /** The task threw `Reject`. */
  | { readonly kind: 'rejected'; readonly error: Reject }
  /** The message cannot be understood, its task is not known, or its arguments are not what the task takes. */
  | { readonly kind: 'refused'; readonly error: Error }
  /** Not run: it came too late. */
  | { readonly kind: 'expired'; readonly reason: 'expired' }
  /** Not run, or no longer: it was revoked. */
  | { readonly kind: 'revoked'; readonly reason: 'revoked' | 'terminated' }
  /** Not run: it came before its time. */
  | { readonly kind: 'early'; readonly at: number }
  /** Not run now, or run in vain, and to be delivered again at that instant without using up a retry. */
  | { readonly kind: 'put-off'; readonly at: number; readonly marks: Marks; readonly why: string }
  /** The task has put another call, or a workflow, in its place. */
  | { readonly kind: 'replaced'; readonly signature: SignatureJson }
  /** Not run: this attempt was decided before, by an earlier delivery, of which the row may tell. */
  | { readonly kind: 'settled'; readonly meta: TaskMeta | undefined }
  /** Not run again: every worker that began it was lost. */
  | { readonly kind: 'lost'; readonly error: WorkerLostError };
