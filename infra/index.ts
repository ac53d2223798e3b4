// What deploys an app: a construct for the AWS CDK.
export { Consumer } from './functions/consumer.ts';
export { TaskFunction } from './functions/task-function.ts';
export { type Lane, TaskQueue } from './queues/task-queue.ts';
export { Scheduler } from './schedules/scheduler.ts';
export { TaskRunner } from './task-runner.ts';
export type { FunctionSettings, QueueSettings, TableSettings, TaskRunnerProps } from './task-runner-props.ts';
