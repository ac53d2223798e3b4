import { Duration, Size, Stack } from 'aws-cdk-lib';
import {
  AwsLogDriverMode,
  Capability,
  type ContainerDefinition,
  ContainerImage,
  CpuArchitecture,
  FargateTaskDefinition,
  LinuxParameters,
  LogDrivers,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { QueueTopology } from '../../sdk/index.ts';
import { acknowledge } from '../acknowledge.ts';
import type { Shared } from '../shared.ts';
import type { WorkerImage } from './worker-image.ts';

/** The longest that Fargate waits after SIGTERM: the worker gives its tasks 110 s of it (`--grace`), and their messages back. */
export const stopTimeoutSeconds = 120;

/** Every container has a disk of that many GiB without asking. */
const freeStorageGiB = 20;

const namesOnly =
  'They hold names, such as the stage and where the queues are, and what functions: { environment } says. Secrets belong into Secrets Manager.';

/** What a queue's container is. */
export interface ContainerParts {
  readonly definition: FargateTaskDefinition;
  readonly queue: QueueTopology;
  readonly shared: Shared;
  readonly image: WorkerImage;
}

/** Adds the container that runs `tallo worker` for one queue. */
export function addWorker(
  scope: Construct,
  { definition, queue, shared, image }: ContainerParts,
): ContainerDefinition {
  const logGroup = new LogGroup(scope, 'Log', {
    retention: shared.logRetention,
    removalPolicy: shared.removalPolicy,
    ...(shared.encryptionKey && { encryptionKey: shared.encryptionKey }),
  });
  const container = definition.addContainer('Worker', {
    image: image.own ?? ContainerImage.fromDockerImageAsset(image.made),
    command: [...(image.own ? ['node_modules/.bin/tallo', 'worker', '--json'] : []), '-Q', queue.name],
    stopTimeout: Duration.seconds(stopTimeoutSeconds),
    environment: { AWS_REGION: Stack.of(scope).region, ...shared.functions.environment },
    readonlyRootFilesystem: !image.own,
    linuxParameters: linuxOf(scope, image),
    logging: LogDrivers.awsLogs({
      logGroup,
      streamPrefix: queue.name,
      // Logs that cannot be written must not stop the work.
      mode: AwsLogDriverMode.NON_BLOCKING,
      maxBufferSize: Size.mebibytes(25),
    }),
  });
  if (!image.own) {
    definition.addVolume({ name: 'tmp' });
    container.addMountPoints({ sourceVolume: 'tmp', containerPath: '/tmp', readOnly: false });
  }
  return container;
}

function linuxOf(scope: Construct, image: WorkerImage): LinuxParameters {
  // Programs that tasks start, and leave behind, need somebody to take leave of them.
  const linux = new LinuxParameters(scope, 'Linux', { initProcessEnabled: true });
  if (!image.own) linux.dropCapabilities(Capability.ALL);
  return linux;
}

/** What is in a task definition besides its container. */
export interface DefinitionParts {
  readonly queue: QueueTopology;
  readonly shared: Shared;
  readonly roles: { readonly taskRole: Role; readonly executionRole: Role };
  readonly ephemeralStorageGiB: number | undefined;
}

/** The size of a queue's containers, and what they may do. */
export function definitionOf(
  scope: Construct,
  { queue, shared, roles, ephemeralStorageGiB }: DefinitionParts,
): FargateTaskDefinition {
  const isArm = (shared.functions.architecture ?? Architecture.ARM_64) === Architecture.ARM_64;
  const { memoryMiB, cpuUnits } = queue;
  const definition = new FargateTaskDefinition(scope, 'Definition', {
    ...roles,
    memoryLimitMiB: memoryMiB,
    ...(cpuUnits !== null && { cpu: cpuUnits }),
    ...(ephemeralStorageGiB !== undefined && ephemeralStorageGiB > freeStorageGiB && { ephemeralStorageGiB }),
    runtimePlatform: {
      operatingSystemFamily: OperatingSystemFamily.LINUX,
      cpuArchitecture: isArm ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
    },
  });
  acknowledge(definition, { 'AwsSolutions-ECS2': namesOnly });
  return definition;
}
