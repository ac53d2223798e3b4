import { type Part, readPart } from './part.ts';

/** The parts of a workflow as they were given. */
export interface GivenParts {
  readonly parts: readonly Part[];
  /** One by one, and not as a list whose length the types do not know. */
  readonly isListed: boolean;
}

/**
 * Reads the parts of a workflow, given one by one or as one list.
 *
 */
export function readMembers(given: readonly unknown[], whole: string, one: string): GivenParts {
  const [only] = given;
  const isListed = given.length !== 1 || !isIterable(only);
  const members = isListed ? given : [...only];
  return { parts: members.map((member, i) => readPart(member, `${one} ${i + 1} of ${whole}`)), isListed };
}

/** A text is a list of characters, which nobody means. */
export function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
