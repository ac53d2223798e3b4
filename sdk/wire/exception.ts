import {
  DecodeError,
  EncodeError,
  MaxRetriesExceededError,
  NotRegistered,
  SoftTimeLimitExceeded,
  TaskError,
  TaskRevokedError,
  TimeLimitExceeded,
  WorkerLostError,
} from '../errors/index.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { encodeValue } from './values.ts';

/** Errors that both languages know: in Python, the module where the class of that name is found. */
const modules: Readonly<Record<string, string>> = {
  TypeError: 'builtins',
  SyntaxError: 'builtins',
  ArgumentsError: 'builtins',
  DecodeError: 'kombu.exceptions',
  EncodeError: 'kombu.exceptions',
  Ignore: 'celery.exceptions',
  Reject: 'celery.exceptions',
  MaxRetriesExceededError: 'celery.exceptions',
  NotRegistered: 'celery.exceptions',
  TaskRevokedError: 'celery.exceptions',
  SoftTimeLimitExceeded: 'billiard.exceptions',
  TimeLimitExceeded: 'billiard.exceptions',
  WorkerLostError: 'billiard.exceptions',
};

/** Errors whose class is the same here and there, so that `instanceof` holds for what `get` throws. */
const ours = {
  DecodeError,
  EncodeError,
  MaxRetriesExceededError,
  NotRegistered,
  SoftTimeLimitExceeded,
  TaskRevokedError,
  TimeLimitExceeded,
  WorkerLostError,
  Error,
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  URIError,
  EvalError,
} as const;

/** Turns whatever a task threw into the record that Celery stores: class, arguments, module. */
export function encodeException(thrown: unknown): JsonObject {
  const name = nameOf(thrown);
  // A call with wrong arguments is a TypeError in Python.
  const excType = name === 'ArgumentsError' ? 'TypeError' : name;
  const record = { exc_type: excType, exc_message: messageOf(thrown) };
  return name in modules ? { ...record, exc_module: modules[name] ?? null } : record;
}

/** Turns Celery's record back into an error of the same class name. */
export function decodeException(record: Json, traceback: string | null): Error {
  const { exc_type, exc_message } = isJsonObject(record)
    ? record
    : { exc_type: 'Error', exc_message: [record] };
  const name = typeof exc_type === 'string' ? exc_type : 'Error';
  const args = Array.isArray(exc_message) ? exc_message : [exc_message ?? null];
  const error = errorOf(name, args);
  if (traceback !== null) error.stack = traceback;
  return error;
}

/** A row is billed by the KiB, and the top of a stack says most. */
const maxTracebackLength = 8_000;

/** The text of a traceback, with the causes. */
export function tracebackOf(thrown: unknown): string {
  return fullTraceback(thrown).slice(0, maxTracebackLength);
}

function fullTraceback(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `${String(thrown)} was thrown`;
  // A stack begins with the name at the time of its making; a class of the user's often leaves that at 'Error'.
  const stack = (thrown.stack ?? `Error: ${thrown.message}`).replace(/^Error\b/, nameOf(thrown));
  return thrown.cause === undefined ? stack : `${stack}\nCaused by: ${fullTraceback(thrown.cause)}`;
}

function errorOf(name: string, args: readonly Json[]): Error {
  const [message] = args;
  if (Object.hasOwn(ours, name) && args.length <= 1) {
    return new ours[name as keyof typeof ours](
      typeof message === 'string' ? message : JSON.stringify(message ?? ''),
    );
  }
  return new TaskError(name, args);
}

/** A class of the user's often leaves `name` at 'Error'; its own name says more. */
function nameOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'Error';
  return thrown.name === 'Error' ? thrown.constructor.name : thrown.name;
}

function messageOf(thrown: unknown): readonly Json[] {
  if (thrown instanceof TaskError) return thrown.args.map((arg) => safely(arg));
  if (thrown instanceof Error) return [thrown.message];
  return [safely(thrown)];
}

function safely(value: unknown): Json {
  try {
    return encodeValue(value);
  } catch {
    return String(value);
  }
}
