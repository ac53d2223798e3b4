import type { PolicyStatementProps } from 'aws-cdk-lib/aws-iam';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** The resources of a deployment, by ARN. */
export interface Resources {
  /** Every SQS queue that calls are sent to. */
  readonly lanes: readonly string[];
  readonly table: string;
  readonly scheduleGroup: string;
  /** All schedules of the group: those of far calls have the ids of these, which nobody knows before. */
  readonly schedules: string;
  /** The role that EventBridge Scheduler takes on. */
  readonly schedulerRole: string;
  /** The bucket of large calls; undefined: there is none. */
  readonly payloads: PayloadResources | undefined;
}

/** A bucket, and what lies there of the app. */
export interface PayloadResources {
  readonly bucket: string;
  readonly objects: readonly string[];
}

/** What a caller needs: to send, to keep what a workflow or a shared call needs, to ring later. */
export function sending({
  lanes,
  table,
  schedules,
  schedulerRole,
  payloads,
}: Resources): readonly PolicyStatement[] {
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
    ...(payloads ? [allow(['s3:GetObject', 's3:PutObject'], payloads.objects)] : []),
  ];
}

/** So AWS's extended clients, Python's among them, name what they put into the bucket. */
const uuid = [8, 4, 4, 4, 12].map((length) => '?'.repeat(length)).join('-');

/**
 * What a worker needs to read the payloads of large calls. Without the right to list, S3 would say of a payload that is gone that it may
 * not be read, and the call would come again for days.
 */
export function fetching({ payloads }: Pick<Resources, 'payloads'>): readonly PolicyStatement[] {
  if (!payloads) return [];
  const { bucket } = payloads;
  return [allow(['s3:ListBucket'], [bucket]), allow(['s3:GetObject'], [`${bucket}/${uuid}`])];
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
