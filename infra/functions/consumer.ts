import { Duration } from 'aws-cdk-lib';
import { type Alias, EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Deployments } from '../deployment/deployments.ts';
import type { LiveAlias } from '../deployment/live-alias.ts';
import type { Lane, TaskQueue } from '../queues/task-queue.ts';
import type { Shared } from '../shared.ts';
import type { QueueSettings } from '../task-runner-props.ts';
import { TaskFunction } from './task-function.ts';

/** What a queue's function is made from. */
export interface ConsumerProps {
  readonly queue: TaskQueue;
  readonly shared: Shared;
  readonly settings: QueueSettings;
  /** The user's own file that exports `handler`. */
  readonly file: string | undefined;
  /** undefined: a new version takes over at once. */
  readonly deployments: Deployments | undefined;
}

const streamsOnly =
  'Lambda has such destinations for streams only. Of a queue, the dead-letter queue keeps what failed.';

/**
 * The function that runs the tasks of a queue, with an event source for each lane.
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
 * const emails = tasks.consumers.get('emails');
 * console.log(emails?.eventSources.length); // 2
 * ```
 */
export class Consumer extends Construct {
  readonly worker: TaskFunction;
  /** What a new version comes behind, and how; undefined: it takes over at once. */
  readonly live: LiveAlias | undefined;
  /** What the event sources invoke. */
  readonly target: LambdaFunction | Alias;
  readonly eventSources: readonly SqsEventSource[];

  constructor(scope: Construct, id: string, props: ConsumerProps) {
    super(scope, id);
    const { queue, shared, settings, file, deployments } = props;
    const { name, timeoutSeconds, memoryMiB } = queue.topology;
    this.worker = new TaskFunction(this, 'Worker', {
      shared,
      entry: file === undefined ? 'consumer' : { file },
      description: `Runs the tasks of queue '${name}'`,
      timeoutSeconds,
      memoryMiB,
    });
    this.live = deployments?.aliasOf(this, queue.topology, this.worker.function);
    this.target = this.live?.alias ?? this.worker.function;
    this.eventSources = queue.lanes.map((lane) => eventSourceOf(lane, { queue, settings }));
    for (const source of this.eventSources) this.target.addEventSource(source);
    for (const mapping of this.node.findAll().filter((child) => child instanceof EventSourceMapping)) {
      acknowledge(mapping, { 'Serverless-LambdaEventSourceMappingDestination': streamsOnly });
    }
  }
}

function eventSourceOf(
  { queue: source, topology: lane }: Lane,
  { queue, settings }: { readonly queue: TaskQueue; readonly settings: QueueSettings },
): SqsEventSource {
  const { batchSize, batchWindowSeconds } = queue.topology;
  const { provisionedPollers } = settings;
  return new SqsEventSource(source, {
    batchSize,
    reportBatchItemFailures: true,
    ...(batchWindowSeconds > 0 && { maxBatchingWindow: Duration.seconds(batchWindowSeconds) }),
    ...(lane.concurrency !== null && { maxConcurrency: lane.concurrency }),
    ...(provisionedPollers && { provisionedPollerConfig: provisionedPollers }),
  });
}
