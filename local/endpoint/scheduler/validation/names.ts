import { readText, requireText } from './field.ts';

const name = /^[0-9a-zA-Z-_.]{1,64}$/;

export function readName(value: unknown): string {
  return requireText({ at: 'name', value }, name);
}

/** Of a query or of a body. */
export function readGroupName(value: unknown): string | undefined {
  return readText({ at: 'groupName', value }, name);
}

export function readNamePrefix(query: URLSearchParams): string | undefined {
  return readText({ at: 'namePrefix', value: query.get('NamePrefix') }, name);
}
