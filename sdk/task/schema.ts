import type { $ZodType } from 'zod/v4/core';
import { ArgumentsError, ConfigurationError } from '../errors/index.ts';

/** A schema of zod 4, classic or mini. */
export type Schema<Output = unknown, Input = unknown> = $ZodType<Output, Input>;

/**
 * Turns a value of the program into its wire form: codecs encode, everything else is checked.
 *
 * @throws ArgumentsError when the value does not fit; ConfigurationError when the schema only works one way.
 */
export async function encodeBySchema(schema: Schema, value: unknown, what: string): Promise<unknown> {
  const zod = await loadZod();
  try {
    const { success, data, error } = await zod.safeEncodeAsync(schema, value);
    if (success) return data;
    throw new ArgumentsError(`${what} refused by the schema:\n${zod.prettifyError(error)}`, { cause: error });
  } catch (error) {
    if ((error as Error).name !== 'ZodEncodeError') throw error;
    const advice = 'Use z.codec() where a value has one form in the program and another on the wire.';
    throw new ConfigurationError(`${what}: the schema has a transform that only works one way. ${advice}`, {
      cause: error,
    });
  }
}

/**
 * Turns a value from the wire into one of the program: codecs decode, everything else is checked.
 *
 * @throws ArgumentsError when the value does not fit.
 */
export async function decodeBySchema(schema: Schema, value: unknown, what: string): Promise<unknown> {
  const zod = await loadZod();
  const { success, data, error } = await zod.safeDecodeAsync(schema, value);
  if (success) return data;
  throw new ArgumentsError(`${what} refused by the schema:\n${zod.prettifyError(error)}`, { cause: error });
}

/** Loaded with the first schema: an app without schemas does not pay for it. */
function loadZod() {
  return import('./zod-core.ts');
}
