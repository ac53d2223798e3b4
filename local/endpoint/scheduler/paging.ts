import { invalid } from './scheduler-errors.ts';
import { readNumber } from './validation/field.ts';

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins, if there is one. */
  readonly more: { readonly NextToken?: string };
}

/** The page that a query asks for. The items must be in the order of their keys. */
export function pageOf<T>(items: readonly T[], keyOf: (item: T) => string, query: URLSearchParams): Page<T> {
  const size = readNumber({ at: 'maxResults', value: query.get('MaxResults') }, [1, 100]) ?? 100;
  const last = readToken(query.get('NextToken'));
  // By the last key, and not by a number, so that nothing is missed or shown twice when others come and go.
  const left = items.filter((item) => keyOf(item) > last);
  const page = left.slice(0, size);
  const end = page.at(-1);
  const isMore = end !== undefined && left.length > size;
  return { items: page, more: isMore ? { NextToken: Buffer.from(keyOf(end)).toString('base64url') } : {} };
}

function readToken(token: string | null): string {
  if (token === null) return '';
  const key = Buffer.from(token, 'base64url').toString();
  if (Buffer.from(key).toString('base64url') !== token) throw invalid('Invalid NextToken.');
  return key;
}
