import type { Node } from './alternatives.ts';

/** Something that the new schema has otherwise. */
export interface Difference {
  /** `args[0].currency`, in the user's words. */
  readonly field: string;
  /** What follows the field's name in a sentence, and a full stop. */
  readonly message: string;
  /** What to do about it; undefined: waiting messages do not suffer. */
  readonly advice: string | undefined;
}

/** Two schemas of one field. */
export interface Pair {
  readonly old: Node;
  readonly next: Node;
  readonly field: string;
}

/** Finds what differs in a field and in all that it holds. */
export type Compare = (pair: Pair) => readonly Difference[];

const keepAdvice = 'Go on taking both for a while, or deploy under a new task name.';
export const requiredAdvice = 'Make it optional or give it a default, or deploy under a new task name.';

/** Something that can keep a waiting message from being read. */
export function breaks(field: string, message: string, advice = keepAdvice): Difference {
  return { field, message, advice };
}

/** Something that waiting messages survive. */
export function note(field: string, message: string): Difference {
  return { field, message, advice: undefined };
}

export function isBreaking({ advice }: Pick<Difference, 'advice'>): boolean {
  return advice !== undefined;
}

/** `args[0]` and `currency` make `args[0].currency`. */
export function fieldIn(field: string, name: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? `${field}.${name}` : `${field}[${JSON.stringify(name)}]`;
}
