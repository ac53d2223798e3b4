import type { AwsError } from '../../json-protocol.ts';
import { invalid } from '../scheduler-errors.ts';

/** A value of a request, and where in it AWS's own messages say that it is. */
export interface Field {
  readonly at: string;
  readonly value: unknown;
}

/** @throws AwsError (ValidationException) in AWS's own words. */
export function requireText(field: Field, pattern: RegExp): string {
  const { value } = field;
  if (value === undefined || value === null) throw refusal(field, 'Member must not be null');
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw refusal(field, `Member must satisfy regular expression pattern: ${pattern.source}`);
}

export function readText(field: Field, pattern: RegExp): string | undefined {
  return isGiven(field) ? requireText(field, pattern) : undefined;
}

export function readNumber(field: Field, [least, most]: readonly [number, number]): number | undefined {
  if (!isGiven(field)) return undefined;
  const number = Number(field.value);
  if (!Number.isInteger(number)) throw refusal(field, 'Member must be a whole number');
  if (number < least) throw refusal(field, `Member must have value greater than or equal to ${least}`);
  if (number > most) throw refusal(field, `Member must have value less than or equal to ${most}`);
  return number;
}

export function readChoice<const T extends string>(field: Field, choices: readonly T[]): T | undefined {
  if (!isGiven(field)) return undefined;
  const chosen = choices.find((choice) => choice === field.value);
  if (chosen === undefined)
    throw refusal(field, `Member must satisfy enum value set: [${choices.join(', ')}]`);
  return chosen;
}

/** The protocol writes instants as epoch seconds; these are milliseconds. */
export function readInstant(field: Field): number | undefined {
  if (!isGiven(field)) return undefined;
  if (typeof field.value === 'number') return field.value * 1_000;
  throw refusal(field, 'Member must be a timestamp');
}

function isGiven({ value }: Field): boolean {
  return value !== undefined && value !== null;
}

function refusal({ at, value }: Field, rule: string): AwsError {
  const shown = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  return invalid(
    `1 validation error detected: Value '${shown}' at '${at}' failed to satisfy constraint: ${rule}`,
  );
}
