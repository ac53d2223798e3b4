import { ConfigurationError } from '../errors/index.ts';
import { refuseUnknown } from '../errors/refuse-unknown.ts';
import { type Duration, toMilliseconds } from '../time/duration.ts';
import { debounceRow, idempotencyRow, throttleRow } from '../wire/keys.ts';
import type { CallOptions } from './call-options.ts';

/** How several calls share one. */
export type Sharing = Once | Debounce;

/** The first one stands for those that come after it in that time. */
export interface Once {
  readonly kind: 'once';
  /** The key of the row that tells of it. */
  readonly row: string;
  readonly lastsMs: number;
}

/** The last one's arguments count. */
export interface Debounce {
  readonly kind: 'debounce';
  readonly key: string;
  readonly row: string;
  readonly waitMs: number;
  /** Infinity: without end. */
  readonly maxWaitMs: number;
}

/** The options by which calls share one. They say something of a call that is made, and nothing of one that a signature describes. */
export const sharingNames = ['debounce', 'idempotencyExpires', 'idempotencyKey', 'throttle'] as const;

export type SharingName = (typeof sharingNames)[number];

/** @throws ConfigurationError if an option is not as it must be, or does not go with another one. */
export function readSharing(
  task: string,
  options: CallOptions,
  { resultExpiresMs }: { readonly resultExpiresMs: number },
): Sharing | undefined {
  const { idempotencyKey, idempotencyExpires, throttle, debounce } = options;
  checkCompany(task, options);
  if (idempotencyKey !== undefined) {
    const key = textOf('idempotencyKey', idempotencyKey);
    const lastsMs =
      idempotencyExpires === undefined ? resultExpiresMs : positive('idempotencyExpires', idempotencyExpires);
    return { kind: 'once', row: idempotencyRow(task, key), lastsMs };
  }
  if (throttle !== undefined) {
    const { key, per } = objectOf('throttle', throttle, throttleNames);
    const row = throttleRow(task, textOf('key of throttle', key));
    return { kind: 'once', row, lastsMs: positive('per of throttle', per) };
  }
  return debounce === undefined ? undefined : readDebounce(task, debounce);
}

const throttleNames = new Set<keyof NonNullable<CallOptions['throttle']>>(['key', 'per']);
const debounceNames = new Set<keyof NonNullable<CallOptions['debounce']>>(['key', 'wait', 'maxWait']);

function readDebounce(task: string, debounce: NonNullable<CallOptions['debounce']>): Debounce {
  const { key: given, wait, maxWait } = objectOf('debounce', debounce, debounceNames);
  const key = textOf('key of debounce', given);
  const waitMs = bounded('wait of debounce', wait);
  const maxWaitMs =
    maxWait === undefined ? Number.POSITIVE_INFINITY : bounded('maxWait of debounce', maxWait);
  if (maxWaitMs < waitMs) {
    throw new ConfigurationError(
      `Expected maxWait of debounce to be at least its wait, ${JSON.stringify(wait)}, got ${JSON.stringify(maxWait)}.`,
    );
  }
  return { kind: 'debounce', key, row: debounceRow(task, key), waitMs, maxWaitMs };
}

/** What would contradict each other. */
function checkCompany(task: string, options: CallOptions): void {
  const given = (names: readonly (keyof CallOptions)[]) =>
    names.filter((name) => options[name] !== undefined);
  const ways = given(['idempotencyKey', 'throttle', 'debounce']);
  const others = given(
    ways.includes('debounce') ? ['link', 'linkError', 'countdown', 'eta', 'expires'] : ['link', 'linkError'],
  );
  if (ways.length > 1) {
    throw new ConfigurationError(
      `A call of task '${task}': expected one of idempotencyKey, throttle and debounce, got ${ways.join(' and ')}. Each says in its own way which calls are one.`,
    );
  }
  if (ways.length > 0 && others.length > 0) {
    throw new ConfigurationError(
      `A call of task '${task}': expected no ${others.join(', ')} beside ${ways[0]}. ${adviceFor(others)}`,
    );
  }
  if (options.idempotencyExpires !== undefined && options.idempotencyKey === undefined) {
    throw new ConfigurationError(
      `A call of task '${task}': expected an idempotencyKey beside idempotencyExpires, got none.`,
    );
  }
}

function adviceFor(others: readonly string[]): string {
  return others.some((name) => name.startsWith('link'))
    ? 'Let the task itself call what follows: the run is shared by calls that may want something else to follow.'
    : 'Its wait and maxWait say when the run takes place.';
}

function textOf(name: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new ConfigurationError(
    `Expected ${name} to be text of at least one character, got ${JSON.stringify(value)}.`,
  );
}

function objectOf<T extends object>(name: string, value: T, known: ReadonlySet<string>): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigurationError(
      `Expected ${name} to be an object with ${[...known].join(', ')}, got ${JSON.stringify(value)}.`,
    );
  }
  refuseUnknown(`The option ${name}`, value, known);
  return value;
}

function positive(name: string, duration: Duration): number {
  const milliseconds = toMilliseconds(duration, name);
  if (milliseconds > 0) return milliseconds;
  throw new ConfigurationError(
    `Expected ${name} to be longer than nothing, got ${JSON.stringify(duration)}.`,
  );
}

const longestMs = 365 * 86_400_000;

function bounded(name: string, duration: Duration): number {
  const milliseconds = positive(name, duration);
  if (milliseconds <= longestMs) return milliseconds;
  throw new ConfigurationError(`Expected ${name} to be at most '365d', got ${JSON.stringify(duration)}.`);
}
