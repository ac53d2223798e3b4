import { ArgumentsError, ConfigurationError, DecodeError } from '../errors/index.ts';
import { hasReferences } from '../flow/results-reference.ts';
import { decodeArguments } from '../task/arguments.ts';
import type { TaskDefinition } from '../task/task-definition.ts';
import type { Envelope } from '../wire/envelope.ts';
import { fairGroup, groupOf, groupProperty } from '../wire/fair-group.ts';

/**
 * A call with the group that its task's `fairnessKey` gives it, unless it has one. Results that are still references say nothing.
 *
 * @throws ConfigurationError if the function gives no text, or throws
 */
export async function withFairness(envelope: Envelope, task: TaskDefinition | undefined): Promise<Envelope> {
  if (!task?.fairnessKey || groupOf(envelope) !== undefined || hasReferences(envelope.args)) return envelope;
  const parameters = await parametersOf(task, envelope);
  if (!parameters) return envelope;
  const group = fairGroup(keyFor(task, task.fairnessKey, parameters));
  return { ...envelope, properties: { ...envelope.properties, [groupProperty]: group } };
}

/** Undefined if they are not what the task takes: its worker will say so. */
async function parametersOf(
  task: TaskDefinition,
  envelope: Envelope,
): Promise<readonly unknown[] | undefined> {
  try {
    return await decodeArguments(task, envelope);
  } catch (error) {
    if ([ArgumentsError, DecodeError, ConfigurationError].some((type) => error instanceof type))
      return undefined;
    throw error;
  }
}

function keyFor(
  { name }: TaskDefinition,
  fairnessKey: NonNullable<TaskDefinition['fairnessKey']>,
  parameters: readonly unknown[],
): string {
  const key = attempt(name, () => (fairnessKey as (...given: readonly unknown[]) => unknown)(...parameters));
  if (typeof key === 'string' && key !== '') return key;
  throw new ConfigurationError(
    `Expected fairnessKey of task '${name}' to return text of at least one character, got ${JSON.stringify(key)}.`,
  );
}

function attempt(task: string, work: () => unknown): unknown {
  try {
    return work();
  } catch (cause) {
    throw new ConfigurationError(
      `Expected fairnessKey of task '${task}' to return text, but it threw: ${cause}.`,
      {
        cause,
      },
    );
  }
}
