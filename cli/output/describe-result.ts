import type { TaskMeta } from '../../sdk/index.ts';
import { isException, isReady } from '../../sdk/result/states.ts';
import { decodeException } from '../../sdk/wire/exception.ts';
import { decodeValue } from '../../sdk/wire/values.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';

/** What is known of a call, for programs and for people. */
export interface ResultDescription {
  readonly data: object;
  /** The value or the error; empty if there is neither. */
  readonly text: string;
  readonly exitCode: ExitCode;
}

/** Describes what the table holds, read without the task's schemas: it must be seen also when they have changed since. */
export function describeResult(meta: TaskMeta, { traceback }: { traceback: boolean }): ResultDescription {
  const { id, name: task, state, retries } = meta;
  const { text, ...outcome } = outcomeOf(meta);
  const shown = traceback && meta.traceback !== null ? meta.traceback : text;
  return {
    data: { id, task, state, ...outcome, retries, ...(traceback && { traceback: meta.traceback }) },
    text: shown,
    exitCode: exitCodeOf(state),
  };
}

function outcomeOf({ state, result }: TaskMeta) {
  if (isException(state) && result !== null) {
    const { name, message } = decodeException(result, null);
    return { result: null, error: { name, message }, text: `${name}: ${message}` };
  }
  const value = decodeValue(result);
  const isEmpty = result === null && state !== 'SUCCESS';
  return { result: value, error: null, text: isEmpty ? '' : describeValue(value) };
}

function describeValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

function exitCodeOf(state: string): ExitCode {
  if (!isReady(state)) return exitCodes.notReady;
  return state === 'SUCCESS' ? exitCodes.fine : exitCodes.taskFailed;
}
