import type { ICluster } from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { partOf, type TaskQueue } from '../queues/task-queue.ts';
import type { Shared } from '../shared.ts';
import type { TaskRunnerProps } from '../task-runner-props.ts';
import { workerImage } from './image.ts';
import { LongTaskService } from './long-task-service.ts';
import { placeOf } from './network.ts';

/** What the containers of an app are made from. */
export interface LongTasksProps {
  /** Those with `runOn: 'fargate'`. */
  readonly queues: readonly TaskQueue[];
  readonly shared: Shared;
  readonly settings: Pick<TaskRunnerProps, 'longTasks' | 'queues'>;
}

/**
 * The containers of all queues with `runOn: 'fargate'`: one cluster, one image, and a service for each queue.
 *
 * @example
 * ```ts
 * import { App, Stack } from 'aws-cdk-lib';
 * import { Tallo } from 'tallo';
 * import { TaskRunner } from 'tallo/infra';
 *
 * const app = new Tallo('studio', { queues: { default: {}, videos: { runOn: 'fargate', timeLimit: '3h' } } });
 *
 * const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Studio');
 * const { longTasks } = new TaskRunner(stack, 'Tasks', { app, entry: 'examples/app.ts' });
 * console.log(longTasks?.services.size); // 1
 * console.log(longTasks?.cluster.node.path); // Studio/Tasks/LongTasks/Cluster
 * ```
 */
export class LongTasks extends Construct {
  readonly cluster: ICluster;
  /** By the app's names of the queues. */
  readonly services: ReadonlyMap<string, LongTaskService>;

  /** @throws ConfigurationError (CONFIGURATION) for settings that exclude each other. */
  constructor(scope: Construct, id: string, { queues, shared, settings }: LongTasksProps) {
    super(scope, id);
    const { longTasks = {}, queues: ofQueues = {} } = settings;
    const place = placeOf(this, shared, longTasks);
    this.cluster = place.cluster;
    const image = longTasks.image ? { own: longTasks.image } : { made: workerImage(this, shared) };
    this.services = new Map(
      queues.map((queue) => {
        const { name } = queue.topology;
        const { minContainers = 0 } = ofQueues[name] ?? {};
        const all = { ...longTasks, minContainers };
        return [
          name,
          new LongTaskService(this, partOf(queue.topology), { queue, shared, place, image, settings: all }),
        ];
      }),
    );
  }
}

/** Undefined for an app without such queues: it has no use for a network. */
export function longTasksOf(scope: Construct, { queues, ...parts }: LongTasksProps): LongTasks | undefined {
  const onFargate = queues.filter(({ topology }) => topology.runOn === 'fargate');
  return onFargate.length > 0
    ? new LongTasks(scope, 'LongTasks', { queues: onFargate, ...parts })
    : undefined;
}
