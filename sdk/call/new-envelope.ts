import type { QueueTopology } from '../app/topology.ts';
import { currentTask } from '../engine/current-task.ts';
import { ConfigurationError } from '../errors/index.ts';
import type { WireArguments } from '../task/arguments.ts';
import { checkLimits, type TaskDefinition } from '../task/task-definition.ts';
import { toMilliseconds, toSeconds } from '../time/duration.ts';
import { compressionHeader } from '../wire/compression.ts';
import { type Envelope, emptyEmbed } from '../wire/envelope.ts';
import { fairGroup, groupProperty } from '../wire/fair-group.ts';
import { lastInstant } from '../wire/instant.ts';
import { isJsonObject, type Json, type JsonObject } from '../wire/json.ts';
import { isTaskId } from '../wire/keys.ts';
import { defaultPriority, isPriority } from '../wire/priority.ts';
import { readSignature } from '../wire/signature.ts';
import { encodeValue } from '../wire/values.ts';
import type { CallOptions } from './call-options.ts';

/** A call of a task, before it has an envelope. */
export interface Call {
  readonly task: string;
  readonly wire: WireArguments;
  readonly options: CallOptions;
  readonly queue: QueueTopology;
  /** Absent for a task that lives elsewhere. */
  readonly definition: TaskDefinition | undefined;
}

/** Where a call comes from. */
export interface Birth {
  readonly now: number;
  readonly newId: () => string;
  /** The priority of the task that it comes from. @default that of the running task */
  readonly inherited?: number | null;
}

/** Puts a call into its envelope. A call from inside a task becomes that task's child. */
export function newEnvelope(
  { task, wire, options, queue, definition }: Call,
  { now, newId, inherited = currentTask()?.priority }: Birth,
): Envelope {
  const id = options.taskId ?? newId();
  if (!isTaskId(id))
    throw new ConfigurationError(
      `Expected taskId to be a text of 1 to about 450 characters, got ${id.length}.`,
    );
  const caller = currentTask();
  return {
    task,
    id,
    ...wire,
    embed: { ...emptyEmbed, callbacks: linksOf(options.link), errbacks: linksOf(options.linkError) },
    retries: 0,
    eta: etaOf(options, now),
    expires: expiresOf(options, now),
    ...limitsOf(options, queue, definition),
    rootId: caller?.rootId ?? id,
    parentId: caller?.id ?? null,
    group: null,
    groupIndex: null,
    ignoreResult: (options.ignoreResult ?? false) || (definition?.ignoreResult ?? false),
    compression: options.compression === undefined ? null : compressionHeader(options.compression),
    queue: queue.name,
    priority: priorityOf(options.priority ?? definition?.priority ?? inherited ?? defaultPriority),
    redelivered: false,
    headers: headersOf(options),
    properties: propertiesOf(options),
  };
}

function propertiesOf({ fairnessKey }: CallOptions): JsonObject {
  if (fairnessKey === undefined) return {};
  if (typeof fairnessKey === 'string' && fairnessKey !== '')
    return { [groupProperty]: fairGroup(fairnessKey) };
  throw new ConfigurationError(
    `Expected fairnessKey to be text of at least one character, got ${JSON.stringify(fairnessKey)}.`,
  );
}

function linksOf(links: CallOptions['link']): Json {
  if (links === undefined) return null;
  const list = Array.isArray(links) ? links : [links];
  return list.map((link) => readSignature(encodeValue(link, 'link'), 'a callback'));
}

function etaOf({ countdown, eta }: CallOptions, now: number): number | null {
  if (countdown !== undefined) {
    const wait = toMilliseconds(countdown, 'countdown');
    return wait === 0 ? null : reachable('countdown', now + wait);
  }
  return eta === undefined ? null : instantOf('eta', eta);
}

function expiresOf({ expires }: CallOptions, now: number): number | null {
  if (expires === undefined) return null;
  if (expires instanceof Date) return instantOf('expires', expires);
  return reachable('expires', now + toMilliseconds(expires, 'expires'));
}

function instantOf(name: string, date: Date): number {
  const instant = date instanceof Date ? date.getTime() : Number.NaN;
  if (!Number.isNaN(instant)) return reachable(name, instant);
  throw new ConfigurationError(`Expected ${name} to be a valid Date, got ${String(date)}.`);
}

function reachable(name: string, instant: number): number {
  if (instant <= lastInstant) return instant;
  throw new ConfigurationError(`Expected ${name} to lie before the year 10000, which Python could not read.`);
}

/** Only what the call says travels; what the task says is known where it runs. Both must fit the queue. */
function limitsOf(options: CallOptions, queue: QueueTopology, definition: TaskDefinition | undefined) {
  const seconds = (name: 'timeLimit' | 'softTimeLimit') =>
    options[name] === undefined ? null : toSeconds(options[name], name);
  const [timeLimit, softTimeLimit] = [seconds('timeLimit'), seconds('softTimeLimit')];
  const effective = timeLimit ?? definition?.timeLimit ?? null;
  checkLimits(
    `A call to queue '${queue.name}'`,
    softTimeLimit ?? definition?.softTimeLimit ?? null,
    effective,
  );
  if (effective !== null && effective > queue.timeLimitSeconds) {
    throw new ConfigurationError(
      `Expected timeLimit to be at most that of queue '${queue.name}' (${queue.timeLimitSeconds} s), got ${effective} s. Raise the queue's timeLimit.`,
    );
  }
  return { timeLimit, softTimeLimit };
}

function priorityOf(priority: unknown): number {
  if (isPriority(priority)) return priority;
  throw new ConfigurationError(
    `Expected priority to be a whole number from 0 to 9, got ${JSON.stringify(priority)}.`,
  );
}

/** Names that mean something in the protocol cannot be the caller's. */
const reserved = new Set([
  'task',
  'id',
  'root_id',
  'parent_id',
  'group',
  'group_index',
  'retries',
  'eta',
  'expires',
  'timelimit',
  'ignore_result',
  'compression',
  'lang',
]);

function headersOf({ headers = {}, argsrepr, kwargsrepr, shadow }: CallOptions): JsonObject {
  const taken = Object.keys(headers).find((name) => reserved.has(name));
  if (taken !== undefined) {
    throw new ConfigurationError(
      `Expected headers of your own, got '${taken}', which belongs to the protocol. Choose another name.`,
    );
  }
  const json = encodeValue({ ...headers, argsrepr, kwargsrepr, shadow }, 'headers');
  return isJsonObject(json) ? json : {};
}
