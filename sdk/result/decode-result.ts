import { ArgumentsError, DecodeError } from '../errors/index.ts';
import { decodeBySchema, type Schema } from '../task/schema.ts';

/**
 * Decodes a stored value by the task's result schema.
 *
 * @throws DecodeError if the schema refuses it: an older worker, or another language, may have written it
 */
export async function decodeResult(schema: Schema, value: unknown, task: string): Promise<unknown> {
  try {
    return await decodeBySchema(schema, value, `The result of task '${task}' was`);
  } catch (error) {
    throw error instanceof ArgumentsError
      ? new DecodeError(error.message, { task, cause: error.cause })
      : error;
  }
}
