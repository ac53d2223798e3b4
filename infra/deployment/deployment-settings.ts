import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ILambdaDeploymentConfig } from 'aws-cdk-lib/aws-codedeploy';

/**
 * How a new version of the functions that run tasks takes over from the one before. CodeDeploy shifts the batches of each queue from one to
 * the other, and back at once if an alarm goes off meanwhile.
 */
export interface DeploymentSettings {
  /** Such as `LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_1MINUTE`. @default CANARY_10PERCENT_5MINUTES: a tenth for five minutes, then all */
  readonly traffic?: ILambdaDeploymentConfig;
  /**
   * So many failed invocations of the new version in a minute stop it, 1 or more. Failed invocations of the version before do not count:
   * they cannot keep its correction out. A task that fails is no failed invocation. @default 1
   */
  readonly errors?: number;
  /** Further alarms that stop every new version, on metrics (not composite ones). One that is on already keeps any version out. @default none */
  readonly alarms?: readonly IAlarm[];
}
