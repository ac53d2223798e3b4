import { inspect, types } from 'node:util';

/** The first part of a text says most, and rows and log lines are billed by their length. */
const maxLength = 8_000;

/** The causes of an error that are told, one below the other. */
const maxCauses = 5;

// What a task throws may be anything: a getter that throws itself, an object without prototype, a cause in a circle. These
// functions never throw, since whoever describes an error has no other way left.

/** The name of an error's class. A class of the user's often leaves `name` at 'Error'; its constructor says more. */
export function errorName(thrown: unknown): string {
  return attempt(() => {
    if (!isError(thrown)) return 'Error';
    return String(thrown.name === 'Error' ? thrown.constructor.name : thrown.name);
  }, 'Error');
}

export function errorMessage(error: Error): string {
  return shortened(attempt(() => String(error.message), ''));
}

/** The text of a traceback, with the causes. */
export function tracebackOf(thrown: unknown): string {
  const lines: string[] = [];
  let next = thrown;
  do {
    lines.push(stackOf(next));
    next = causeOf(next);
  } while (lines.length < maxCauses && next !== undefined);
  return shortened(lines.join('\nCaused by: '));
}

export function shortened(text: string): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength)}...`;
}

function stackOf(thrown: unknown): string {
  if (!isError(thrown)) return `${attempt(() => inspect(thrown), 'something')} was thrown`;
  // A stack begins with the name at the time of its making.
  return attempt(() => String(thrown.stack).replace(/^Error\b/, errorName(thrown)), errorName(thrown));
}

function causeOf(thrown: unknown): unknown {
  const cause = attempt(() => (isError(thrown) ? thrown.cause : undefined), undefined);
  return cause === thrown ? undefined : cause;
}

function attempt<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/** Also one of another realm, such as a test runner's. */
export function isError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || types.isNativeError(thrown);
}
