import type { ContainerDefinition } from 'aws-cdk-lib/aws-ecs';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ConfigurationError } from '../../sdk/errors/index.ts';
import type { TaskQueue } from '../queues/task-queue.ts';
import type { Shared } from '../shared.ts';
import type { QueueSettings } from '../task-runner-props.ts';
import { addWorker, definitionOf } from './container.ts';
import type { Place } from './network.ts';
import { QueueContainers } from './queue-containers.ts';
import { rolesOf } from './roles.ts';
import { scalingSteps } from './scaling-steps.ts';
import type { LongTaskSettings } from './settings.ts';
import type { WorkerImage } from './worker-image.ts';

/** What a queue's service is made from. */
export interface LongTaskServiceProps {
  readonly queue: TaskQueue;
  readonly shared: Shared;
  readonly place: Place;
  readonly image: WorkerImage;
  readonly settings: LongTaskSettings & Pick<QueueSettings, 'minContainers'>;
}

/**
 * The containers that run the tasks of a queue, as many as there is work for.
 *
 * @example
 * ```ts
 * import { App, Stack } from 'aws-cdk-lib';
 * import { Bucket } from 'aws-cdk-lib/aws-s3';
 * import { Tallo } from 'tallo';
 * import { TaskRunner } from 'tallo/infra';
 *
 * const app = new Tallo('studio', { queues: { default: {}, videos: { runOn: 'fargate', concurrency: 4 } } });
 * const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Studio');
 * const tasks = new TaskRunner(stack, 'Tasks', { app, entry: 'examples/app.ts' });
 *
 * const videos = tasks.longTasks?.services.get('videos');
 * if (videos) new Bucket(stack, 'Videos').grantReadWrite(videos.role); // what its tasks need beside Tallo
 * console.log(videos?.containers.maxCapacity); // 4
 * ```
 */
export class LongTaskService extends Construct {
  readonly queue: TaskQueue;
  /** The service of ECS, its alarms and policies. */
  readonly containers: QueueContainers;
  readonly container: ContainerDefinition;
  /** What the tasks may do. */
  readonly role: Role;

  /** @throws ConfigurationError (CONFIGURATION) for more containers at least than there may be. */
  constructor(scope: Construct, id: string, props: LongTaskServiceProps) {
    super(scope, id);
    const { queue, shared, place, image, settings } = props;
    this.queue = queue;
    const { name, batchSize, concurrency } = queue.topology;
    const most = concurrency ?? 1;
    const least = leastOf(name, { most, least: settings.minContainers ?? 0 });
    const [lane] = queue.lanes;
    const roles = rolesOf(this, place.cluster);
    const { ephemeralStorageGiB, vpcSubnets } = settings;
    this.role = roles.taskRole;
    const definition = definitionOf(this, { queue: queue.topology, shared, roles, ephemeralStorageGiB });
    this.container = addWorker(this, { definition, queue: queue.topology, shared, image });
    this.containers = new QueueContainers(this, 'Containers', {
      ...place,
      ...(lane && { queue: lane.queue }),
      ...(vpcSubnets && { taskSubnets: vpcSubnets }),
      taskDefinition: definition,
      minScalingCapacity: least,
      maxScalingCapacity: most,
      scalingSteps: scalingSteps({ batchSize, most }),
      // The container has a log of its own.
      enableLogging: false,
      // New containers are there before old ones go.
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { enable: true, rollback: true },
    });
  }
}

function leastOf(name: string, { most, least }: { readonly most: number; readonly least: number }): number {
  if (Number.isInteger(least) && least >= 0 && least <= most) return least;
  throw new ConfigurationError(
    `Queue '${name}': expected minContainers to be a whole number from 0 to its concurrency, ${most}, got ${least}.`,
  );
}
