import type { TaskDefaults } from '../app/options.ts';
import { ConfigurationError } from '../errors/index.ts';
import { refuseUnknown } from '../errors/refuse-unknown.ts';
import { type CircuitBreaker, readCircuitBreaker } from '../limits/circuit-breaker.ts';
import { type ConcurrencyLimit, readConcurrency } from '../limits/concurrency-limit.ts';
import type { LimitKey } from '../limits/limit-options.ts';
import { type RateLimit, readRateLimit } from '../limits/rate-limit.ts';
import { toSeconds } from '../time/duration.ts';
import { isPriority } from '../wire/priority.ts';
import type { ErrorMatcher } from './error-matcher.ts';
import type { Schema } from './schema.ts';
import { type TaskOptions, taskOptionNames } from './task-options.ts';

/** A task's function, as the engine calls it: the running task comes first if the task is bound. */
export type TaskFunction = (...parameters: readonly unknown[]) => unknown;

/** A task with every option settled. Times are seconds. */
export interface TaskDefinition {
  readonly name: string;
  readonly run: TaskFunction;
  readonly bind: boolean;
  /** Takes the envelope as it is, instead of parameters: a task of Celery's own, which handles other tasks. */
  readonly raw?: boolean;
  readonly args: Schema<readonly unknown[], readonly unknown[]> | undefined;
  readonly kwargs: Schema<object, object> | undefined;
  readonly result: Schema | undefined;
  readonly queue: string | undefined;
  /** null: that of the task that calls. */
  readonly priority: number | null;
  readonly fairnessKey: LimitKey | undefined;
  readonly maxRetries: number | null;
  readonly defaultRetryDelay: number;
  readonly autoretryFor: readonly ErrorMatcher[];
  readonly dontAutoretryFor: readonly ErrorMatcher[];
  /** Seconds of the first wait; null: no back-off. */
  readonly retryBackoff: number | null;
  readonly retryBackoffMax: number;
  readonly retryJitter: boolean;
  readonly trackStarted: boolean;
  readonly ignoreResult: boolean;
  readonly storeErrorsEvenIfIgnored: boolean;
  readonly softTimeLimit: number | null;
  readonly timeLimit: number | null;
  readonly rateLimit: RateLimit | null;
  readonly concurrency: ConcurrencyLimit | null;
  readonly circuitBreaker: CircuitBreaker | null;
  /** Whether each run is claimed. */
  readonly dedupe: boolean;
}

/** What holds where neither the task nor the app says anything: Celery's own defaults. */
const celeryDefaults = {
  bind: false,
  maxRetries: 3,
  defaultRetryDelay: '3m',
  autoretryFor: [],
  dontAutoretryFor: [],
  retryBackoff: false,
  retryBackoffMax: '10m',
  retryJitter: true,
  trackStarted: false,
  ignoreResult: false,
  storeErrorsEvenIfIgnored: false,
} as const satisfies TaskOptions;

/** Settles a task's options: its own, then the app's defaults, then Celery's. */
export function defineTask(
  name: string,
  options: TaskOptions,
  { run, defaults }: { run: TaskFunction; defaults: TaskDefaults },
): TaskDefinition {
  refuseUnknown(`Task '${name}'`, options, taskOptionNames);
  const settled: TaskOptions & Required<Pick<TaskOptions, keyof typeof celeryDefaults>> = {
    ...celeryDefaults,
    ...given(defaults),
    ...given(options),
  };
  const secondsOf = (option: 'softTimeLimit' | 'timeLimit' | 'defaultRetryDelay' | 'retryBackoffMax') =>
    settled[option] === undefined ? null : toSeconds(settled[option], `${option} of task '${name}'`);
  return checked({
    ...settled,
    name,
    run,
    args: options.args,
    kwargs: options.kwargs,
    result: options.result,
    queue: options.queue,
    priority: options.priority ?? null,
    fairnessKey: readFairnessKey(name, options.fairnessKey),
    defaultRetryDelay: secondsOf('defaultRetryDelay') ?? 0,
    retryBackoff: backoffFactor(settled.retryBackoff),
    retryBackoffMax: secondsOf('retryBackoffMax') ?? 0,
    // As in Celery, 0 is no limit.
    softTimeLimit: secondsOf('softTimeLimit') || null,
    timeLimit: secondsOf('timeLimit') || null,
    ...limitsOf(name, options),
  });
}

function limitsOf(name: string, { rateLimit, concurrency, circuitBreaker, dedupe = false }: TaskOptions) {
  if (typeof dedupe !== 'boolean') {
    throw new ConfigurationError(
      `Task '${name}': expected dedupe to be true or false, got ${JSON.stringify(dedupe)}.`,
    );
  }
  return {
    rateLimit: readRateLimit(name, rateLimit),
    concurrency: readConcurrency(name, concurrency),
    circuitBreaker: readCircuitBreaker(name, circuitBreaker),
    dedupe,
  };
}

function readFairnessKey(task: string, key: LimitKey | undefined): LimitKey | undefined {
  if (key === undefined || typeof key === 'function') return key;
  throw new ConfigurationError(
    `Task '${task}': expected fairnessKey to be a function of its arguments, got ${JSON.stringify(key)}. A key as text is an option of the call.`,
  );
}

/** @throws ConfigurationError if the soft limit does not come first. */
export function checkLimits(what: string, softTimeLimit: number | null, timeLimit: number | null): void {
  if (softTimeLimit === null || timeLimit === null || softTimeLimit <= timeLimit) return;
  throw new ConfigurationError(
    `${what}: expected softTimeLimit to be at most timeLimit (${timeLimit} s), got ${softTimeLimit} s.`,
  );
}

function checked(task: TaskDefinition): TaskDefinition {
  const { name, maxRetries, priority } = task;
  if (name === '')
    throw new ConfigurationError("Expected a task's name to be text such as 'math.add', got ''.");
  if (maxRetries !== null && (!Number.isInteger(maxRetries) || maxRetries < 0)) {
    throw new ConfigurationError(
      `Task '${name}': expected maxRetries to be null or a whole number from 0, got ${maxRetries}.`,
    );
  }
  if (priority !== null && !isPriority(priority)) {
    throw new ConfigurationError(
      `Task '${name}': expected priority to be a whole number from 0 to 9, got ${JSON.stringify(priority)}.`,
    );
  }
  checkLimits(`Task '${name}'`, task.softTimeLimit, task.timeLimit);
  checkMatchers(name, 'autoretryFor', task.autoretryFor);
  checkMatchers(name, 'dontAutoretryFor', task.dontAutoretryFor);
  return task;
}

/** Without `exactOptionalPropertyTypes` an option may be given as undefined: then it is not given. */
function given<T extends object>(options: T): T {
  // Leaving out undefined values changes nothing that the type of optional fields says.
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

function checkMatchers(task: string, option: string, matchers: unknown): void {
  if (Array.isArray(matchers) && matchers.every((matcher) => typeof matcher === 'function')) return;
  throw new ConfigurationError(
    `Task '${task}': expected ${option} to be a list of error classes or predicates, got ${JSON.stringify(matchers)}.`,
  );
}

/** As Celery: the factor is a whole number of seconds, at least 1. */
function backoffFactor(backoff: boolean | number): number | null {
  if (backoff === false || backoff === 0) return null;
  return Math.trunc(Math.max(1, Number(backoff)));
}
