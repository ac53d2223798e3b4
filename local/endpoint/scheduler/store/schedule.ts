import type { Expression } from '../expressions/expression.ts';

/** A schedule. Instants are epoch milliseconds. */
export interface Schedule {
  readonly name: string;
  readonly groupName: string;
  readonly arn: string;
  readonly state: State;
  /** As it was given: `at(2026-11-20T08:00:00)`. */
  readonly expression: string;
  /** The same, read. */
  readonly timing: Expression;
  /** An IANA time zone. */
  readonly timezone: string;
  readonly startAt: number | undefined;
  readonly endAt: number | undefined;
  /** How much later than its time it may fire; 0: no flexible time window. */
  readonly windowMinutes: number;
  readonly target: Target;
  readonly actionAfterCompletion: 'NONE' | 'DELETE';
  readonly description: string | undefined;
  readonly kmsKeyArn: string | undefined;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export type State = 'ENABLED' | 'DISABLED';

/** What a schedule invokes. */
export interface Target {
  readonly arn: string;
  /** Without one, the target is told of the schedule in an event of AWS's own form. */
  readonly input: string | undefined;
  readonly messageGroupId: string | undefined;
  /** A queue for what could not be delivered. */
  readonly deadLetterArn: string | undefined;
  readonly maxAgeSeconds: number;
  readonly maxRetries: number;
  /** As it was given, to be given back. */
  readonly given: Readonly<Record<string, unknown>>;
}

/** What tells schedules apart. */
export type ScheduleKey = Pick<Schedule, 'name' | 'groupName'>;

/** Names may hold no slash. */
export function keyOf({ groupName, name }: ScheduleKey): string {
  return `${groupName}/${name}`;
}
