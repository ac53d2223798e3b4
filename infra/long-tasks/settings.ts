import type { ISecurityGroup, IVpc, SubnetSelection, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Cluster, ContainerImage, ICluster } from 'aws-cdk-lib/aws-ecs';

/** What holds for the containers of all queues with `runOn: 'fargate'`. None of it is needed. */
export interface LongTaskSettings {
  /**
   * An image of your own whose working directory has `node_modules/.bin/tallo`. It is started as `tallo worker -Q <queue>`, for the processor
   * that `functions.architecture` names, 64-bit Arm unless said otherwise. @default made from `entry`, as functions are
   */
  readonly image?: ContainerImage;
  /** A cluster of yours; then no network is made. @default a new one, without Container Insights, which cost money while nothing runs */
  readonly cluster?: ICluster | Cluster;
  /** A network of yours; not together with `cluster`. @default a new one of public subnets in two zones, without a NAT gateway */
  readonly vpc?: IVpc | Vpc;
  /** @default public subnets with `assignPublicIp`, else private ones, which need a way out to AWS and to the image's registry */
  readonly vpcSubnets?: SubnetSelection;
  /** Whether containers have a public address, by which they reach AWS without a NAT gateway. @default only in the network that is made here */
  readonly assignPublicIp?: boolean;
  /** @default a new one that lets nothing in, and everything out */
  readonly securityGroups?: readonly ISecurityGroup[];
  /** The size of a container's disk, of which tasks have `/tmp`: 21 to 200 GiB; what is above 20 is billed while it runs. @default 20 */
  readonly ephemeralStorageGiB?: number;
}
