import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule, ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ScheduleTopology, Topology } from '../../sdk/index.ts';
import { TaskFunction } from '../functions/task-function.ts';
import { keyStatement } from '../permissions/permissions.ts';
import { lastStop, type TaskQueue } from '../queues/task-queue.ts';
import type { Shared } from '../shared.ts';

/** What the schedules of an app are made from. */
export interface SchedulerProps {
  readonly topology: Topology;
  readonly shared: Shared;
  readonly queues: readonly TaskQueue[];
  readonly isPaused: boolean;
}

/** Below the lease of an entry's wake, 45 s: a wake that is cut off must not be at work when another one begins. */
const beatTimeoutSeconds = 40;
const beatMemoryMiB = 512;

/**
 * The group of an app's schedules and timers, the role that EventBridge Scheduler takes on, beat's schedules and the function that they wake.
 *
 * @example
 * ```ts
 * import { App, Stack } from 'aws-cdk-lib';
 * import { Tallo } from 'tallo';
 * import { TaskRunner } from 'tallo/infra';
 *
 * const app = new Tallo('store', { queues: { emails: { lanes: 2 } } });
 * const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Store');
 * const tasks = new TaskRunner(stack, 'Tasks', { app, entry: 'examples/app.ts' });
 *
 * console.log(tasks.scheduler.group.node.path); // Store/Tasks/Scheduler/Group
 * ```
 */
export class Scheduler extends Construct {
  /** Sends what is due by a schedule. */
  readonly beat: TaskFunction;
  /** Where goes what could not be delivered: wakes of beat, and far calls. */
  readonly undelivered: Queue;
  readonly group: ScheduleGroup;
  readonly role: Role;
  readonly schedules: readonly CfnSchedule[];

  constructor(scope: Construct, id: string, props: SchedulerProps) {
    super(scope, id);
    const { topology, shared, queues } = props;
    this.undelivered = lastStop(this, 'Undelivered', {
      queueName: topology.undeliveredQueueName,
      retentionSeconds: topology.undeliveredRetentionSeconds,
      shared,
    });
    this.beat = new TaskFunction(this, 'Beat', {
      shared,
      entry: 'beat',
      functionName: topology.beatFunctionName,
      description: 'Sends what is due by a schedule',
      timeoutSeconds: beatTimeoutSeconds,
      memoryMiB: beatMemoryMiB,
      deadLetterQueue: this.undelivered,
    });
    this.group = new ScheduleGroup(this, 'Group', { scheduleGroupName: topology.scheduleGroup });
    // Timers of far calls and entries made at run time lie in it.
    this.group.applyRemovalPolicy(shared.removalPolicy);
    this.role = this.#role(topology.scheduleGroup);
    const lanes = queues.flatMap((queue) => queue.lanes.map((lane) => lane.queue));
    // Scheduler takes on the same role to put there what it could not deliver.
    for (const { queueArn } of [...lanes, this.undelivered]) {
      this.role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queueArn] }));
    }
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [this.beat.function.functionArn],
      }),
    );
    if (shared.encryptionKey) this.role.addToPolicy(keyStatement(shared.encryptionKey));
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

  #schedule(schedule: ScheduleTopology, { isPaused }: SchedulerProps): CfnSchedule {
    const { name, expression, timezone, isEnabled, input } = schedule;
    return new CfnSchedule(this, name, {
      name,
      groupName: this.group.scheduleGroupName,
      description: 'A schedule of beat that the code of the app has.',
      scheduleExpression: expression,
      scheduleExpressionTimezone: timezone,
      flexibleTimeWindow: { mode: 'OFF' },
      state: isEnabled && !isPaused ? 'ENABLED' : 'DISABLED',
      target: {
        arn: this.beat.function.functionArn,
        roleArn: this.role.roleArn,
        input,
        deadLetterConfig: { arn: this.undelivered.queueArn },
      },
    });
  }
}
