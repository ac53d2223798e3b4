import type { Outcome } from '../../../sdk/engine/outcome.ts';
import { ArgumentsError, ConfigurationError, DecodeError } from '../../../sdk/errors/index.ts';
import type { LimitKey } from '../../../sdk/limits/limit-options.ts';
import type { Admitted, Candidate } from './stage.ts';

/** What a limit goes by for a call; undefined: the limit has no keys. */
interface Keyed {
  readonly key: string | undefined;
}

/**
 * The key of a call under a limit. A call whose arguments are not what the task takes passes, since its run will say so; one for
 * which the key's function throws has failed: it would never do better.
 */
export async function limitKeyOf(
  { task, parameters }: Candidate,
  limit: { readonly key: LimitKey | undefined },
  option: string,
): Promise<Keyed | Admitted | Outcome> {
  if (!limit.key) return { key: undefined };
  let given: readonly unknown[];
  try {
    given = await parameters();
  } catch (error) {
    if ([ArgumentsError, DecodeError, ConfigurationError].some((type) => error instanceof type)) return {};
    throw error;
  }
  try {
    // What the task takes, its key takes: the user's own types say so.
    const key: unknown = (limit.key as (...parameters: readonly unknown[]) => unknown)(...given);
    if (typeof key === 'string') return { key };
    throw new ConfigurationError(
      `Expected key in ${option} of task '${task.name}' to return text, got ${JSON.stringify(key)}.`,
    );
  } catch (error) {
    return { kind: 'failure', error };
  }
}
