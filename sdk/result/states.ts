/** The states that Celery knows. Tasks may set others of their own with `self.updateState`. */
export type State = 'PENDING' | 'STARTED' | 'RETRY' | 'SUCCESS' | 'FAILURE' | 'REVOKED' | (string & {});

/** States that never change again. */
export const readyStates = ['SUCCESS', 'FAILURE', 'REVOKED'] as const;

/** States that `get` raises for. */
const propagateStates: readonly string[] = ['FAILURE', 'REVOKED'];

export function isReady(state: State): boolean {
  return (readyStates as readonly string[]).includes(state);
}

export function isPropagated(state: State): boolean {
  return propagateStates.includes(state);
}

/** Whether the stored `result` is an exception. */
export function isException(state: State): boolean {
  return isPropagated(state) || state === 'RETRY';
}
