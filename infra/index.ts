// What deploys an app: a construct for the AWS CDK.

export type { PreflightOptions } from '../preflight/preflight.ts';
export type { DeploymentSettings } from './deployment/deployment-settings.ts';
export { Consumer } from './functions/consumer.ts';
export { TaskFunction } from './functions/task-function.ts';
export { LongTaskService } from './long-tasks/long-task-service.ts';
export { LongTasks } from './long-tasks/long-tasks.ts';
export type { LongTaskSettings } from './long-tasks/settings.ts';
export type { AlarmSettings } from './monitoring/alarm-settings.ts';
export type { PayloadBucketSettings } from './payload-bucket.ts';
export { type Lane, TaskQueue } from './queues/task-queue.ts';
export { Scheduler } from './schedules/scheduler.ts';
export { TaskRunner } from './task-runner.ts';
export type { FunctionSettings, QueueSettings, TableSettings, TaskRunnerProps } from './task-runner-props.ts';
