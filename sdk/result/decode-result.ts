import { ArgumentsError, DecodeError } from '../errors/index.ts';
import { decodeBySchema, type Schema } from '../task/schema.ts';

/**
 * Decodes a stored value by the task's result schema.
 *
 * @throws DecodeError if the schema refuses it: an older worker, or another language, may have written it
 */
export async function decodeResult(schema: Schema, value: unknown, task: string): Promise<unknown> {
  const what = `The result of task '${task}' was`;
  try {
    // A task that returns nothing stores null.
    return await decodeBySchema(schema, value, what).catch((error: unknown) => {
      if (value !== null || !(error instanceof ArgumentsError)) throw error;
      return decodeBySchema(schema, undefined, what);
    });
  } catch (error) {
    throw error instanceof ArgumentsError
      ? new DecodeError(error.message, { task, cause: error.cause })
      : error;
  }
}
