import type { DockerImageAsset } from 'aws-cdk-lib/aws-ecr-assets';
import type { ContainerImage } from 'aws-cdk-lib/aws-ecs';

/** The image of a worker: the user's own, or the one that is made of the app. */
export type WorkerImage =
  | { readonly own: ContainerImage }
  | { readonly own?: undefined; readonly made: DockerImageAsset };
