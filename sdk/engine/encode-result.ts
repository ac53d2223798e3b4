import { ArgumentsError, EncodeError } from '../errors/index.ts';
import { encodeBySchema } from '../task/schema.ts';
import type { TaskDefinition } from '../task/task-definition.ts';
import type { Json } from '../wire/json.ts';
import { encodeValue } from '../wire/values.ts';

/**
 * What a task returned, as it is stored.
 *
 * @throws EncodeError if its schema refuses it, or JSON cannot hold it
 */
export async function encodeResult(task: TaskDefinition, value: unknown): Promise<Json> {
  const what = `the result of task '${task.name}'`;
  try {
    return encodeValue(task.result ? await encodeBySchema(task.result, value, what) : value, 'result');
  } catch (error) {
    // The arguments were right: a result that its own schema refuses is a failure of the task, not a bad message.
    throw error instanceof ArgumentsError ? new EncodeError(error.message, { cause: error.cause }) : error;
  }
}
