import type { QueueTopology } from '../app/topology.ts';
import {
  ArgumentsError,
  ConfigurationError,
  DecodeError,
  EncodeError,
  Ignore,
  Reject,
  Replaced,
  Retry,
  TimeLimitExceeded,
} from '../errors/index.ts';
import type { Logger } from '../log/logger.ts';
import type { Chance } from '../ports/chance.ts';
import type { Clock } from '../ports/clock.ts';
import { decodeArguments } from '../task/arguments.ts';
import type { TaskDefinition } from '../task/task-definition.ts';
import { inheritedPriority } from '../wire/priority.ts';
import { readSignature, type SignatureJson } from '../wire/signature.ts';
import type { ResultTuple } from '../wire/task-meta.ts';
import { asCurrentTask } from './current-task.ts';
import type { Delivery } from './delivery.ts';
import { encodeResult } from './encode-result.ts';
import type { Outcome } from './outcome.ts';
import { workflowPart } from './replace.ts';
import { type RunMode, requestOf } from './request.ts';
import { retryPart } from './retry.ts';
import { automaticDelay, isRetriedAutomatically, mayRetry } from './retry-policy.ts';
import { type SaveState, StateUpdates } from './state-updates.ts';
import type { TaskContext } from './task-context.ts';
import { Interruption, Termination, type TimeLimits, underLimits, type WatchRun } from './time-limits.ts';

/** What a run needs from outside. */
export interface RunEnvironment {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Logger;
  readonly limits: TimeLimits;
  /** Where a retry may go. */
  readonly queues: ReadonlyMap<string, QueueTopology>;
  /** @default nobody can abort the run */
  readonly watch?: WatchRun;
  readonly saveState: SaveState;
  readonly mode: RunMode;
}

/** A run that has come to its end. */
export interface Run {
  readonly outcome: Outcome;
  /** What the task started. */
  readonly children: readonly ResultTuple[];
  /** What the task added to its chord. */
  readonly added: readonly SignatureJson[];
}

/**
 * Runs a task's function once and says what became of it.
 *
 * @throws Interruption if the run is to go on in another worker, and nothing else
 */
export async function runTask(
  task: TaskDefinition,
  delivery: Delivery,
  environment: RunEnvironment,
): Promise<Run> {
  const { id, rootId } = delivery.envelope;
  const priority = inheritedPriority(delivery.envelope);
  const ended = { task, delivery, environment };
  const children: ResultTuple[] = [];
  const added: SignatureJson[] = [];
  const updates = new StateUpdates(environment.saveState);
  try {
    const parameters = task.raw ? [delivery.envelope] : await decodeArguments(task, delivery.envelope);
    const work = async (signal: AbortSignal) => {
      const self = task.bind ? [contextOf(task, delivery, { ...environment, updates, signal, added })] : [];
      return await asCurrentTask({ id, rootId, priority, children, listed: { bytes: 0 } }, () =>
        task.run(...self, ...parameters),
      );
    };
    const value = await underLimits(work, environment.limits, environment).catch((error: unknown) => {
      throw new Thrown(error);
    });
    return { outcome: { kind: 'success', result: await encodeResult(task, value) }, children, added };
  } catch (error) {
    if (error instanceof Thrown && error.value instanceof Interruption) throw error.value;
    const outcome = error instanceof Thrown ? outcomeOf(error.value, ended) : outcomeAround(error, ended);
    return { outcome, children, added };
  } finally {
    await updates.close();
  }
}

/** What the task itself threw, as opposed to what was wrong before or after its run. */
class Thrown {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** Arguments or a result were not as they must be. Another run would change that only if their check itself had trouble. */
function outcomeAround(error: unknown, ended: Ended): Outcome {
  if (error instanceof ArgumentsError || error instanceof DecodeError) return { kind: 'refused', error };
  if (error instanceof EncodeError || error instanceof ConfigurationError) return { kind: 'failure', error };
  return outcomeOf(error, ended);
}

interface ContextParts extends RunEnvironment {
  readonly updates: StateUpdates;
  readonly signal: AbortSignal;
  readonly added: SignatureJson[];
}

function contextOf(
  task: TaskDefinition,
  delivery: Delivery,
  { updates, signal, log, clock, queues, mode, added }: ContextParts,
): TaskContext {
  return {
    name: task.name,
    request: requestOf(delivery, mode),
    signal,
    log,
    ...workflowPart(delivery.envelope, added),
    updateState: (state, meta = null) => updates.update(state, meta),
    ...retryPart(task, { envelope: delivery.envelope, clock, queues }),
  };
}

interface Ended {
  readonly task: TaskDefinition;
  readonly delivery: Delivery;
  readonly environment: RunEnvironment;
}

function outcomeOf(error: unknown, { task, delivery, environment }: Ended): Outcome {
  if (error instanceof Retry) {
    const { at, cause, changes } = error;
    return { kind: 'retry', at, error: cause, changes };
  }
  if (error instanceof Ignore) return { kind: 'ignored' };
  if (error instanceof Replaced)
    return { kind: 'replaced', signature: readSignature(error.signature as SignatureJson) };
  if (error instanceof Reject) return { kind: 'rejected', error };
  if (error instanceof Termination) return { kind: 'revoked', reason: 'terminated' };
  // The run that was left behind may still go on: another one beside it would be one too many.
  if (error instanceof TimeLimitExceeded) return { kind: 'failure', error };
  if (!matches(error, { task, delivery, environment }) || !mayRetry(delivery.envelope, task.maxRetries)) {
    return { kind: 'failure', error };
  }
  const delay = automaticDelay(task, delivery.envelope.retries, environment.chance.random);
  return { kind: 'retry', at: environment.clock.now() + delay * 1_000, error };
}

/** A predicate of the user's may throw as well: then the task's own error counts, and the predicate's is told. */
function matches(error: unknown, { task, environment }: Ended): boolean {
  try {
    return isRetriedAutomatically(task, error);
  } catch (predicateError) {
    environment.log.error('a predicate of autoretryFor or dontAutoretryFor threw', { error: predicateError });
    return false;
  }
}
