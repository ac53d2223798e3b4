import { DecodeError, EncodeError } from '../errors/index.ts';

/** Any value that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
/** An object that JSON can hold. */
export type JsonObject = { readonly [key: string]: Json };

/** The deepest nesting of arrays and objects. Python's own JSON reader gives up at about 1,000. */
export const maxDepth = 500;

/** A key that would change an object's prototype when copied: never accepted, in either direction. */
export const forbiddenKey = '__proto__';

/** Reads JSON that came from outside: refuses what is too deep or bears a forbidden key. */
export function parseJson(text: string, what: string): Json {
  let value: Json;
  try {
    value = parseLeniently(text);
  } catch (cause) {
    throw new DecodeError(`Expected ${what} to be JSON: ${(cause as SyntaxError).message}`, { cause });
  }
  guard(value, what);
  return value;
}

/** A list as it is, nothing as an empty one, and anything else as a list of one: so Celery writes what may be several. */
export function listOf(json: Json | undefined): readonly Json[] {
  if (json === undefined || json === null) return [];
  return Array.isArray(json) ? json : [json];
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Writes JSON that SQS carries and Python reads. Outside XML 1.0 lie control characters, which JSON escapes anyway, and two
 * more. What `floatExtension` stands for becomes the bare literal of Python's, which knows no other form of it.
 */
export function writeJson(value: Json): string {
  return JSON.stringify(value)
    .replace(/[\uFFFE\uFFFF]/g, (character) => (character === '\uFFFE' ? '\\ufffe' : '\\uffff'))
    .replace(writtenFloat, '$1');
}

/** What NaN, Infinity and -Infinity are among values of JSON, which has no numbers for them. */
export function floatExtension(float: number): JsonObject {
  return { __type__: 'float', __value__: String(float) };
}

// Within a text each quote has a backslash before it, so this can only be a whole object.
const writtenFloat = /\{"__type__":"float","__value__":"(NaN|-?Infinity)"\}/g;

export function tooDeep(path: string): EncodeError {
  return new EncodeError(
    `Expected at most ${maxDepth} levels of nesting, got more at ${path.slice(0, 60)}... Is there a cycle? Send flatter data.`,
  );
}

/** Levels that we put around a value ourselves: what may be sent must be readable. */
const wrappingLevels = 8;

/** Python writes NaN and Infinity as they are, which JSON does not have; here they are values of the type 'float'. */
function parseLeniently(text: string): Json {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
    return JSON.parse(
      text.replace(stringOrFloat, (token) =>
        token.startsWith('"') ? token : JSON.stringify(floatExtension(Number(token))),
      ),
    );
  }
}

// A text that is never closed reaches to the end, or each quote in it would be tried anew.
const stringOrFloat = /"(?:[^"\\]|\\.)*(?:"|\\?$)|-?Infinity|NaN/gs;

/** Walks without recursion, so that no depth can exhaust the stack. */
function guard(root: Json, what: string): void {
  const pending: { value: Json; depth: number }[] = [{ value: root, depth: 1 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, depth } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > maxDepth + wrappingLevels)
      throw new DecodeError(`Expected ${what} to have at most ${maxDepth} levels of nesting, got more.`);
    if (Object.hasOwn(value, forbiddenKey)) {
      throw new DecodeError(`Expected ${what} to have no key '${forbiddenKey}', got one. Rename the key.`);
    }
    for (const child of Object.values(value)) pending.push({ value: child, depth: depth + 1 });
  }
}
