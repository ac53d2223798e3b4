import type { ScheduledMessage } from '../targets/scheduled-message.ts';
import { TargetError } from '../targets/target-error.ts';
import { type Execution, payloadOf, writeInstant } from './execution.ts';

export interface Death {
  /** The last attempt. */
  readonly execution: Execution;
  readonly error: unknown;
  /** The retry policy's limit that was reached, if that was the reason. */
  readonly exhausted: string | undefined;
}

/** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html */
export function deadLetter(queueArn: string, { execution, error, exhausted }: Death): ScheduledMessage {
  const { schedule, scheduledAt, id, attempt } = execution;
  return {
    queueArn,
    body: payloadOf(execution),
    attributes: {
      ERROR_CODE: error instanceof TargetError ? error.code : 'InternalFailure',
      ERROR_MESSAGE: error instanceof Error ? error.message : String(error),
      EXECUTION_ID: id,
      ...(exhausted !== undefined && { EXHAUSTED_RETRY_CONDITION: exhausted }),
      IS_PAYLOAD_TRUNCATED: 'false',
      RETRY_ATTEMPTS: String(attempt - 1),
      SCHEDULED_TIME: writeInstant(scheduledAt),
      SCHEDULE_ARN: schedule.arn,
      TARGET_ARN: schedule.target.arn,
    },
  };
}
