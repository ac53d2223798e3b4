import type { Query } from './http-request.ts';

/**
 * Percent-encodes all but the unreserved characters of RFC 3986, as signatures want it.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function encodeComponent(text: string): string {
  // A lone surrogate cannot be encoded, and `encodeURIComponent` throws for it.
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Encodes a path, but for its slashes. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeComponent).join('/');
}

/** The parameters by name and then by value, in the order of their encoded bytes: the same on the wire and in the signature. */
export function encodeQuery(query: Query): string {
  return Object.entries(query)
    .flatMap(([name, given]) =>
      valuesOf(given).map((value) => [encodeComponent(name), encodeComponent(value)]),
    )
    .toSorted(([a = '', x = ''], [b = '', y = '']) => compare(a, b) || compare(x, y))
    .map((pair) => pair.join('='))
    .join('&');
}

function valuesOf(given: string | readonly string[] | undefined): readonly string[] {
  if (given === undefined) return [];
  return typeof given === 'string' ? [given] : given;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
