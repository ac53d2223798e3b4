import { inspect, types } from 'node:util';
import type { AppCore } from '../app/app-core.ts';
import { ConfigurationError } from '../errors/index.ts';
import { readSignature, type SignatureJson } from '../wire/signature.ts';
import { encodeValue } from '../wire/values.ts';

/** By this a signature is known, also one of another copy of this package. */
export const partOf: unique symbol = Symbol.for('tallo.signature');

/** What a signature object holds. */
export interface Part {
  /** The app that starts it; undefined for a workflow without any task. */
  readonly app: AppCore | undefined;
  readonly json: SignatureJson;
  /** A group that was written as `group(one)`: as a later step of a chain it is its only member. */
  readonly isLone: boolean;
}

/**
 * Reads what was given as a part of a workflow: a signature, or the JSON of one.
 *
 * @throws ConfigurationError that names the place and says what came instead
 */
export function readPart(given: unknown, what: string): Part {
  if (isObject(given) && partOf in given) return given[partOf] as Part;
  if (isObject(given) && typeof given.task === 'string') {
    return { app: undefined, json: readSignature(encodeValue(given, what), what), isLone: false };
  }
  throw new ConfigurationError(
    `Expected ${what} to be a signature, such as add.s(2, 2), got ${described(given)}.`,
  );
}

/** The same for one or several, as `link` and `link_error` may be given. */
export function readParts(given: unknown, what: string): readonly Part[] {
  if (!Array.isArray(given)) return [readPart(given, what)];
  return given.map((one, i) => readPart(one, `${what}[${i}]`));
}

/** The app of a workflow is that of its first part that has one. */
export function appOf(parts: readonly Part[]): AppCore | undefined {
  return parts.find(({ app }) => app !== undefined)?.app;
}

export function described(given: unknown): string {
  if (types.isPromise(given)) return 'a Promise. s() makes a signature, delay() calls at once';
  if (typeof given === 'function') {
    const task = 'definition' in given ? `the task '${given.name}'` : `the function '${given.name}'`;
    return `${task} itself. Write .s() behind it`;
  }
  if (isObject(given) && 'startsLazily' in given) {
    return 'a chord whose header is made while it is sent. Give the header as an array';
  }
  return isObject(given)
    ? inspect(given, { depth: 1, breakLength: Number.POSITIVE_INFINITY }).slice(0, 200)
    : String(given);
}

function isObject(value: unknown): value is Readonly<Record<PropertyKey, unknown>> {
  return typeof value === 'object' && value !== null;
}
