import { inspect } from 'node:util';
import { errorMessage, errorName, isError, shortened } from '../errors/describe-error.ts';
import {
  ChordError,
  ConfigurationError,
  DecodeError,
  EncodeError,
  MaxRetriesExceededError,
  NotRegistered,
  OperationalError,
  PayloadTooLargeError,
  Reject,
  SoftTimeLimitExceeded,
  TaskError,
  TaskRevokedError,
  TimeLimitExceeded,
  WaitInsideTaskError,
  WorkerLostError,
} from '../errors/index.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { encodeValue } from './values.ts';

/** Errors that both languages know: in Python, the module where the class of that name is found. */
const modules: Readonly<Record<string, string>> = {
  TypeError: 'builtins',
  SyntaxError: 'builtins',
  ArgumentsError: 'builtins',
  ConfigurationError: 'celery.exceptions',
  ChordError: 'celery.exceptions',
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

/** Errors that have another name in Python. A call with wrong arguments is a TypeError there. */
const pythonNames: Readonly<Record<string, string>> = {
  ArgumentsError: 'TypeError',
  ConfigurationError: 'ImproperlyConfigured',
};

/** Makes an error of ours again, so that `instanceof` holds for what `get` throws. */
type Remake = (message: string, others: readonly Json[]) => Error;

const ours: Readonly<Record<string, Remake>> = {
  ChordError: (message) => new ChordError(message),
  ConfigurationError: (message) => new ConfigurationError(message),
  ImproperlyConfigured: (message) => new ConfigurationError(message),
  DecodeError: (message) => new DecodeError(message),
  EncodeError: (message) => new EncodeError(message),
  MaxRetriesExceededError: (message) => new MaxRetriesExceededError(message),
  NotRegistered: (message) => new NotRegistered(message),
  OperationalError: (message) => new OperationalError(message),
  PayloadTooLargeError: (message, [size, limit]) =>
    new PayloadTooLargeError(message, { size: Number(size), limit: Number(limit) }),
  Reject: (message) => new Reject(message),
  SoftTimeLimitExceeded: (message) => new SoftTimeLimitExceeded(message),
  TaskRevokedError: (message) => new TaskRevokedError(message),
  TimeLimitExceeded: (message) => new TimeLimitExceeded(message),
  WaitInsideTaskError: (message) => new WaitInsideTaskError(message),
  WorkerLostError: (message) => new WorkerLostError(message),
  // JavaScript's own. A timeout of Python's has a name of ours, but says something else: it stays a TaskError.
  Error: (message) => new Error(message),
  EvalError: (message) => new EvalError(message),
  RangeError: (message) => new RangeError(message),
  ReferenceError: (message) => new ReferenceError(message),
  SyntaxError: (message) => new SyntaxError(message),
  TypeError: (message) => new TypeError(message),
  URIError: (message) => new URIError(message),
};

/** Turns whatever a task threw into the record that Celery stores: class, arguments, module. Never throws. */
export function encodeException(thrown: unknown): JsonObject {
  const name = errorName(thrown);
  const excType = Object.hasOwn(pythonNames, name) ? (pythonNames[name] ?? name) : name;
  const record = { exc_type: excType, exc_message: errorArguments(thrown) };
  return Object.hasOwn(modules, name) ? { ...record, exc_module: modules[name] ?? null } : record;
}

/** Turns Celery's record back into an error of the same class name. */
export function decodeException(record: Json, traceback: string | null): Error {
  const { exc_type, exc_message } = isJsonObject(record)
    ? record
    : { exc_type: 'Error', exc_message: [record] };
  const name = typeof exc_type === 'string' ? exc_type : 'Error';
  const args = Array.isArray(exc_message) ? exc_message : [exc_message ?? null];
  const error = remade(name, args);
  if (traceback !== null) error.stack = traceback;
  return error;
}

function remade(name: string, args: readonly Json[]): Error {
  const [message = '', ...others] = args;
  const remake = Object.hasOwn(ours, name) ? ours[name] : undefined;
  // Arguments that ours do not have are Python's: nothing of them may be lost.
  if (!remake || typeof message !== 'string' || (others.length > 0 && name !== 'PayloadTooLargeError')) {
    return new TaskError(name, args);
  }
  return remake(message, others);
}

function errorArguments(thrown: unknown): readonly Json[] {
  if (thrown instanceof TaskError) return thrown.args.map(safely);
  if (thrown instanceof PayloadTooLargeError) return [thrown.message, thrown.size, thrown.limit];
  return [isError(thrown) ? errorMessage(thrown) : safely(thrown)];
}

function safely(value: unknown): Json {
  try {
    const json = value === undefined ? 'undefined' : encodeValue(value);
    return typeof json === 'string' ? shortened(json) : json;
  } catch {
    return shortened(inspect(value));
  }
}
