import {
  FlowLogDestination,
  FlowLogMaxAggregationInterval,
  FlowLogTrafficType,
  type ISecurityGroup,
  type IVpc,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerInsights, type ICluster } from 'aws-cdk-lib/aws-ecs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { ConfigurationError } from '../../sdk/errors/index.ts';
import { acknowledge } from '../acknowledge.ts';
import type { Shared } from '../shared.ts';
import type { LongTaskSettings } from './settings.ts';

const noInsights =
  'Container Insights cost money for each service, also while it has no container. Whoever wants them says longTasks: { cluster }.';

/** Where containers run. */
export interface Place {
  readonly cluster: ICluster;
  readonly securityGroups: ISecurityGroup[];
  readonly assignPublicIp: boolean;
}

/**
 * The user's cluster or network, or a new one that costs nothing while no container runs in it.
 *
 * @throws ConfigurationError (CONFIGURATION) for both a cluster and a network.
 */
export function placeOf(scope: Construct, shared: Shared, settings: LongTaskSettings): Place {
  const { vpc, cluster: given, securityGroups } = settings;
  if (vpc && given) {
    throw new ConfigurationError(
      'Expected longTasks to have a cluster or a vpc, got both. A cluster has its own vpc.',
    );
  }
  // The classes of the CDK do not fit its interfaces where undefined is no value of an optional property.
  const cluster = (given ?? newCluster(scope, (vpc ?? newNetwork(scope, shared)) as IVpc)) as ICluster;
  return {
    cluster,
    securityGroups: securityGroups ? [...securityGroups] : [closed(scope, cluster.vpc)],
    assignPublicIp: settings.assignPublicIp ?? !(vpc || given),
  };
}

function newCluster(scope: Construct, vpc: IVpc): Cluster {
  const cluster = new Cluster(scope, 'Cluster', { vpc, containerInsightsV2: ContainerInsights.DISABLED });
  acknowledge(cluster, { 'AwsSolutions-ECS4': noInsights });
  return cluster;
}

/** Nothing listens in it: its containers only ask. A NAT gateway would be billed by the hour, a container's public address only while it runs. */
function newNetwork(scope: Construct, shared: Shared): Vpc {
  const vpc = new Vpc(scope, 'Network', {
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [
      { name: 'Public', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false, cidrMask: 20 },
    ],
    // It would take a function of the CDK's own with rights on security groups, to change one that nothing here uses.
    restrictDefaultSecurityGroup: false,
  });
  const logGroup = new LogGroup(scope, 'TrafficLog', {
    retention: shared.logRetention,
    removalPolicy: shared.removalPolicy,
    ...(shared.encryptionKey && { encryptionKey: shared.encryptionKey }),
  });
  vpc.addFlowLog('Traffic', {
    destination: FlowLogDestination.toCloudWatchLogs(logGroup),
    trafficType: FlowLogTrafficType.ALL,
    maxAggregationInterval: FlowLogMaxAggregationInterval.TEN_MINUTES,
  });
  return vpc;
}

function closed(scope: Construct, vpc: IVpc): SecurityGroup {
  return new SecurityGroup(scope, 'Closed', {
    vpc,
    description: 'Workers: nothing comes in, tasks may call what they like',
    allowAllOutbound: true,
  });
}
