import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule, ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { ScheduleTopology, Topology } from '../../sdk/index.ts';
import type { TaskQueue } from '../queues/task-queue.ts';
import type { Shared } from '../shared.ts';

/** What the schedules of an app are made from. */
export interface SchedulerProps {
  readonly topology: Topology;
  readonly shared: Shared;
  readonly queues: readonly TaskQueue[];
  /** Woken by beat's schedules. */
  readonly beat: IFunction;
  readonly isPaused: boolean;
}

/** The group of an app's schedules and timers, the role that EventBridge Scheduler takes on, and beat's schedules. */
export class Scheduler extends Construct {
  readonly group: ScheduleGroup;
  readonly role: Role;
  readonly schedules: readonly CfnSchedule[];

  constructor(scope: Construct, id: string, props: SchedulerProps) {
    super(scope, id);
    const { topology, shared, queues, beat } = props;
    this.group = new ScheduleGroup(this, 'Group', { scheduleGroupName: topology.scheduleGroup });
    // Timers of far calls and entries made at run time lie in it.
    this.group.applyRemovalPolicy(shared.removalPolicy);
    this.role = this.#role(topology.scheduleGroup);
    const lanes = queues.flatMap((queue) => queue.lanes);
    for (const { queue } of lanes) {
      this.role.addToPolicy(
        new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }),
      );
    }
    this.role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [beat.functionArn] }),
    );
    if (shared.encryptionKey) shared.encryptionKey.grantEncryptDecrypt(this.role);
    this.schedules = topology.schedules.map((schedule) => this.#schedule(schedule, props));
  }

  /** The ARN of every schedule of the group. */
  get allSchedules(): string {
    return Stack.of(this).formatArn({
      service: 'scheduler',
      resource: 'schedule',
      resourceName: `${this.group.scheduleGroupName}/*`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
  }

  /** Its name is derived from the app's, because callers name it to EventBridge Scheduler; IAM knows no regions. */
  #role(scheduleGroup: string): Role {
    return new Role(this, 'Role', {
      roleName: `${scheduleGroup}-scheduler-${Stack.of(this).region}`,
      // Only schedules of this group: another account's, or another app's, cannot make use of the role.
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID, 'aws:SourceArn': this.group.scheduleGroupArn },
        },
      }),
    });
  }

  #schedule(schedule: ScheduleTopology, { isPaused, beat, shared }: SchedulerProps): CfnSchedule {
    const { name, expression, timezone, isEnabled, input } = schedule;
    return new CfnSchedule(this, name, {
      name,
      groupName: this.group.scheduleGroupName,
      description: 'A schedule of beat that the code of the app has.',
      scheduleExpression: expression,
      scheduleExpressionTimezone: timezone,
      flexibleTimeWindow: { mode: 'OFF' },
      state: isEnabled && !isPaused ? 'ENABLED' : 'DISABLED',
      target: { arn: beat.functionArn, roleArn: this.role.roleArn, input },
      ...(shared.encryptionKey && { kmsKeyArn: shared.encryptionKey.keyArn }),
    });
  }
}
