import type { CallOptions } from '../call/call-options.ts';
import type { AnySignature, InOf } from '../canvas/types/any-signature.ts';
import type { ScheduleLike } from '../schedule/to-schedule.ts';
import type { TaskDefinition } from '../task/task-definition.ts';
import type { SignatureJson } from '../wire/signature.ts';

/**
 * What becomes of slots that nobody was awake for: those more than two minutes ago when a wake comes at last (five minutes, where it is
 * the slot's own wake that is tried again). `skip`: nothing. `latest`: the last of them runs, unless a later one is due by then. `all`:
 * each of them runs, the newest 1,000 at most.
 */
export type MissedPolicy = 'skip' | 'latest' | 'all';

/** A task of the app, whatever its parameters. */
export interface AnyTask {
  readonly name: string;
  readonly definition: TaskDefinition;
  delay(...parameters: never[]): unknown;
}

/** What an entry can start: a task of the app, a signature or workflow or the JSON of one, or a task that lives elsewhere, by its name. */
export type BeatTask = AnyTask | AnySignature | SignatureJson | string;

/** When an entry runs, and how. */
export interface BeatTiming {
  /** Seconds or text such as `'30s'`, a `Date` for once, `crontab(...)` or `solar(...)`. */
  readonly schedule: ScheduleLike;
  /** @default true */
  readonly enabled?: boolean;
  /** @default 'latest' */
  readonly missed?: MissedPolicy;
  /** IANA name: whose clocks the schedule means. @default the app's */
  readonly timezone?: string;
  /** Options of each call; a length of time in `expires` counts from the slot. */
  readonly options?: BeatCallOptions;
}

/** The options of a call that make sense again and again: when it is made, and which call it is, beat says. */
export type BeatCallOptions = Omit<CallOptions, OnceOnly>;

type OnceOnly =
  | ('countdown' | 'eta' | 'taskId')
  | ('idempotencyKey' | 'idempotencyExpires' | 'throttle' | 'debounce');

/**
 * An entry of beat. The arguments are those of the task: `args` as `applyAsync` takes them, or the keyword arguments apart in `kwargs`. A
 * signature has its arguments already.
 *
 * Mirrors {@link https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#entries Celery's entries}.
 */
export type BeatEntry<T = BeatTask> = BeatTiming & BeatCall<T>;

/** Entries by their names, each with the arguments that its own task takes. */
export type BeatEntries<T extends Readonly<Record<string, BeatTask>>> = {
  readonly [Name in keyof T]: BeatEntry<T[Name]>;
};

/** What an entry starts. */
export type BeatCall<T> = { readonly task: T } & ArgumentsOf<T>;

type ArgumentsOf<T> = T extends AnyTask
  ? OfParameters<Parameters<T['delay']>>
  : T extends AnySignature
    ? OfSignature<InOf<T>>
    : T extends string
      ? ByName
      : NoArguments;

interface ByName {
  readonly args?: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
}

type OfParameters<P extends readonly unknown[]> =
  | (Positional<P> & { readonly kwargs?: undefined })
  | WithKeyword<P>;

type Positional<P extends readonly unknown[]> = [] extends P
  ? { readonly args?: Readonly<P> }
  : { readonly args: Readonly<P> };

/** Keyword arguments are the last parameter. */
type WithKeyword<P extends readonly unknown[]> = P extends readonly [
  ...infer Before,
  infer Last extends object,
]
  ? Positional<Before> & { readonly kwargs: Last }
  : never;

interface NoArguments {
  readonly args?: undefined;
  readonly kwargs?: undefined;
}

type OfSignature<In extends readonly unknown[]> = [] extends In
  ? NoArguments
  : { readonly task: MissesArguments<In> };

/** Shown by the compiler at a signature that still misses arguments: nobody would give them. */
export interface MissesArguments<In extends readonly unknown[]> {
  readonly 'the signature misses': In;
}
