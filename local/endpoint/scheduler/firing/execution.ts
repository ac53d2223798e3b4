import type { Schedule } from '../store/schedule.ts';

/** One attempt to invoke a schedule's target. */
export interface Execution {
  readonly schedule: Schedule;
  /** The time that the schedule says, epoch milliseconds, however late it is. */
  readonly scheduledAt: number;
  readonly id: string;
  /** From 1. */
  readonly attempt: number;
}

/** As AWS writes it: `2026-11-21T08:00:00Z`. */
export function writeInstant(epochMilliseconds: number): string {
  return `${new Date(epochMilliseconds).toISOString().slice(0, 19)}Z`;
}

/**
 * What the target is given: the Input, with the words in it replaced that stand for the execution.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
export function payloadOf(execution: Execution): string {
  const { schedule, scheduledAt, id, attempt } = execution;
  const words = {
    'schedule-arn': schedule.arn,
    'scheduled-time': writeInstant(scheduledAt),
    'execution-id': id,
    'attempt-number': String(attempt),
  };
  const input = schedule.target.input ?? defaultInput(execution);
  return input.replaceAll(/<aws\.scheduler\.([a-z-]+)>/g, (word, name) =>
    Object.hasOwn(words, name) ? words[name as keyof typeof words] : word,
  );
}

/** The event that a target gets which was given no Input. */
function defaultInput({ schedule, scheduledAt, id }: Execution): string {
  const [, , , region, account] = schedule.arn.split(':');
  return JSON.stringify({
    version: '0',
    id,
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account,
    time: writeInstant(scheduledAt),
    region,
    resources: [schedule.arn],
    detail: '{}',
  });
}
