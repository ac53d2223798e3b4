import type { HttpAnswer } from './http-request.ts';

/**
 * What the service's documentation says that it is.
 *
 * @throws SyntaxError if it is no JSON.
 */
export function readJson<T>({ body }: Pick<HttpAnswer, 'body'>): T {
  return JSON.parse(body.byteLength === 0 ? '{}' : textOf(body)) as T;
}

export function textOf(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
}
