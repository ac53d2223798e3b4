import type { PolicyStatementProps } from 'aws-cdk-lib/aws-iam';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** The resources of a deployment, by ARN. */
export interface Resources {
  /** Every SQS queue that calls are sent to. */
  readonly lanes: readonly string[];
  readonly table: string;
  readonly scheduleGroup: string;
  readonly scheduleGroupName: string;
  /** All schedules of the group: those of far calls have the ids of these, which nobody knows before. */
  readonly schedules: string;
  /** The role that EventBridge Scheduler takes on. */
  readonly schedulerRole: string;
}

/** What a caller needs: to send, to keep what a workflow or a shared call needs, to ring later. */
export function sending({ lanes, table, schedules, schedulerRole }: Resources): readonly PolicyStatement[] {
  return [
    allow(['sqs:SendMessage', 'sqs:GetQueueUrl', 'sqs:GetQueueAttributes'], lanes),
    allow(
      ['BatchGetItem', 'BatchWriteItem', 'DeleteItem', 'PutItem', 'UpdateItem'].map(
        (name) => `dynamodb:${name}`,
      ),
      [table],
    ),
    allow(['scheduler:CreateSchedule', 'scheduler:DeleteSchedule', 'scheduler:GetSchedule'], [schedules]),
    passing(schedulerRole),
  ];
}

/** What reading results needs. */
export function reading({ table }: Pick<Resources, 'table'>): readonly PolicyStatement[] {
  return [allow(['dynamodb:BatchGetItem'], [table])];
}

/** What `app.schedules` needs, which makes and changes beat's entries at run time. */
export function scheduling({
  table,
  schedules,
  scheduleGroup,
  schedulerRole,
}: Resources): readonly PolicyStatement[] {
  return [
    allow(
      ['Create', 'Delete', 'Get', 'Update'].map((verb) => `scheduler:${verb}Schedule`),
      [schedules],
    ),
    allow(['scheduler:GetScheduleGroup'], [scheduleGroup]),
    // AWS has no narrower resource for it.
    allow(['scheduler:ListSchedules'], ['*']),
    allow(['dynamodb:BatchGetItem', 'dynamodb:DeleteItem', 'dynamodb:UpdateItem'], [table]),
    passing(schedulerRole),
  ];
}

/** What putting a message with the dead letters needs. */
export function burying(deadLetters: string): readonly PolicyStatement[] {
  return [allow(['sqs:SendMessage', 'sqs:GetQueueUrl'], [deadLetters])];
}

/** EventBridge Scheduler is given the role that it takes on, and nothing else may be. */
function passing(schedulerRole: string): PolicyStatement {
  return allow(['iam:PassRole'], [schedulerRole], {
    conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
  });
}

function allow(
  actions: readonly string[],
  resources: readonly string[],
  more: PolicyStatementProps = {},
): PolicyStatement {
  return new PolicyStatement({ actions: [...actions], resources: [...resources], ...more });
}
