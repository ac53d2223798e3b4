import { ConfigurationError } from '../errors/index.ts';
import { refuseUnknown } from '../errors/refuse-unknown.ts';
import { toSeconds } from '../time/duration.ts';
import { fairGroup } from '../wire/fair-group.ts';
import { readInstant, writeInstant } from '../wire/instant.ts';
import { isJsonObject, type Json, type JsonObject } from '../wire/json.ts';
import { encodeValue } from '../wire/values.ts';
import { type CallOptions, callOptionNames } from './call-options.ts';
import { sharingNames } from './sharing-options.ts';

/** Celery's name of each option. */
const celeryNames: Readonly<Partial<Record<keyof CallOptions, string>>> = {
  fairnessKey: 'MessageGroupId',
  taskId: 'task_id',
  ignoreResult: 'ignore_result',
  retryPolicy: 'retry_policy',
  softTimeLimit: 'soft_time_limit',
  timeLimit: 'time_limit',
};

const ourNames = new Map(Object.entries(celeryNames).map(([ours, celery]) => [celery, ours]));

/** Options of a call as a signature carries them: Celery's names, seconds, ISO 8601. */
export function writeCallOptions(options: CallOptions, what: string): JsonObject {
  refuseUnknown(what, options, callOptionNames);
  refuseSharing(what, options);
  const named = Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const celeryName = celeryNames[name as keyof CallOptions] ?? name;
    return [[celeryName, writeOption(name, value)] as const];
  });
  return Object.fromEntries(named);
}

/** The options that a signature has, whoever wrote it. */
const signatureNames: ReadonlySet<string> = new Set(
  [...callOptionNames].filter((name) => !sharingNames.some((sharing) => sharing === name)),
);

function refuseSharing(what: string, options: CallOptions): void {
  const taken = sharingNames.find((name) => options[name] !== undefined);
  if (taken === undefined) return;
  throw new ConfigurationError(
    `${what}: expected no ${taken} on a signature or in a workflow, where nobody would know which run the others share. Give it to task.applyAsync or app.sendTask, for a task that nothing follows.`,
  );
}

const durations = new Set(['countdown', 'softTimeLimit', 'timeLimit']);

function writeOption(name: string, value: unknown): Json {
  if (value instanceof Date) return writeDate(name, value);
  // The type of a duration is checked where it is read.
  if (durations.has(name) || name === 'expires') return toSeconds(value as number, name);
  // What Python starts must bear what SQS takes.
  if (name === 'fairnessKey' && typeof value === 'string' && value !== '') return fairGroup(value);
  if (name === 'retryPolicy') return writePolicy(value as Record<string, unknown>);
  return encodeValue(value, name);
}

function writeDate(name: string, date: Date): string {
  if (!Number.isNaN(date.getTime())) return writeInstant(date.getTime());
  throw new ConfigurationError(`Expected ${name} to be a valid Date, got ${String(date)}.`);
}

const policyNames: Readonly<Record<string, string>> = {
  maxRetries: 'max_retries',
  intervalStart: 'interval_start',
  intervalStep: 'interval_step',
  intervalMax: 'interval_max',
};

function writePolicy(policy: Record<string, unknown>): Json {
  const entries = Object.entries(policy).map(([name, value]) => [
    policyNames[name] ?? name,
    name === 'maxRetries' ? encodeValue(value, name) : toSeconds(value as number, name),
  ]);
  return Object.fromEntries(entries);
}

/**
 * Reads the options of a signature, whoever wrote it. Names that mean nothing here are left out: Celery puts many of its own
 * into every signature.
 */
export function readCallOptions(options: JsonObject): CallOptions {
  const read: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    const ours = ourNames.get(name) ?? name;
    if (value !== null && signatureNames.has(ours)) read[ours] = readOption(ours, value);
  }
  // Each value is checked again where it is used: newEnvelope trusts no option.
  return read as CallOptions;
}

function readOption(name: string, value: Json): unknown {
  switch (name) {
    case 'eta':
    case 'expires':
      return readTime(value);
    case 'countdown':
      return typeof value === 'number' ? Math.max(0, value) : value;
    case 'retryPolicy':
      return isJsonObject(value) ? readPolicy(value) : value;
    default:
      return value;
  }
}

function readTime(value: Json): unknown {
  if (typeof value === 'string') return new Date(readInstant(value));
  if (isJsonObject(value) && typeof value.__value__ === 'string')
    return new Date(readInstant(value.__value__));
  // In Python a call may have expired before it is made: then its seconds are negative.
  return typeof value === 'number' && value < 0 ? new Date(0) : value;
}

const ourPolicyNames = new Map(Object.entries(policyNames).map(([ours, celery]) => [celery, ours]));

function readPolicy(policy: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(policy).map(([name, value]) => [ourPolicyNames.get(name) ?? name, value]),
  );
}
