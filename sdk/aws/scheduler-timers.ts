import {
  ConflictException,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  ResourceNotFoundException,
  type SchedulerClient,
} from '@aws-sdk/client-scheduler';
import type { Timer, Timers } from '../ports/timers.ts';
import type { QueueAddresses } from './queue-addresses.ts';

/** Where our schedules live, and who may send for them. */
export interface TimersOptions {
  /** The schedule group. */
  readonly groupName: string;
  /** The role that EventBridge Scheduler takes on to send to the queues. */
  readonly roleArn: string;
}

export interface TimersParts extends TimersOptions {
  readonly client: SchedulerClient;
  readonly addresses: QueueAddresses;
}

/** The timers on EventBridge Scheduler: one-time schedules that vanish once they have fired. */
export function schedulerTimers(parts: TimersParts): Timers {
  return {
    set: (timer) => createSchedule(parts, timer),
    cancel: (id) => deleteSchedule(parts, id),
  };
}

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
async function createSchedule({ client, addresses, groupName, roleArn }: TimersParts, timer: Timer) {
  const command = new CreateScheduleCommand({
    Name: timer.id,
    GroupName: groupName,
    ScheduleExpression: atExpression(timer.at),
    ScheduleExpressionTimezone: 'UTC',
    FlexibleTimeWindow: { Mode: 'OFF' },
    ActionAfterCompletion: 'DELETE',
    Target: { Arn: await addresses.arn(timer.queueName), RoleArn: roleArn, Input: timer.message.body },
  });
  try {
    await client.send(command);
  } catch (error) {
    if (!(error instanceof ConflictException)) throw error;
  }
}

async function deleteSchedule({ client, groupName }: TimersParts, id: string): Promise<boolean> {
  try {
    await client.send(new DeleteScheduleCommand({ Name: id, GroupName: groupName }));
    return true;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  }
}

/**
 * Whole seconds, rounded up: never early.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#one-time
 */
function atExpression(epochMilliseconds: number): string {
  const second = new Date(Math.ceil(epochMilliseconds / 1_000) * 1_000);
  return `at(${second.toISOString().slice(0, 19)})`;
}
