import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import {
  type LambdaApplication,
  LambdaDeploymentConfig,
  LambdaDeploymentGroup,
} from 'aws-cdk-lib/aws-codedeploy';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Alias, type IVersion, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { QueueTopology } from '../../sdk/index.ts';
import { counted } from '../monitoring/function-watches.ts';
import { allowShifting } from './deployment-role.ts';
import type { DeploymentSettings } from './deployment-settings.ts';

/** What an alias is made from. */
export interface LiveAliasProps {
  readonly topology: QueueTopology;
  readonly function: LambdaFunction;
  readonly application: LambdaApplication;
  readonly role: Role;
  readonly settings: DeploymentSettings;
}

const aliasName = 'live';

/** The alias of a queue's function that its event sources invoke, and what moves it to a new version, or back. */
export class LiveAlias extends Construct {
  readonly alias: Alias;
  /** Goes off when the new version fails. */
  readonly alarm: Alarm;
  readonly group: LambdaDeploymentGroup;

  constructor(scope: Construct, id: string, props: LiveAliasProps) {
    super(scope, id);
    const { topology, function: fn, application, role, settings } = props;
    this.alias = new Alias(this, 'Alias', {
      aliasName,
      version: fn.currentVersion as IVersion,
      description: `What runs the tasks of queue '${topology.name}'`,
    });
    this.alarm = this.#alarm(props);
    allowShifting(role, fn, aliasName);
    this.group = new LambdaDeploymentGroup(this, 'Group', {
      application,
      deploymentGroupName: topology.name,
      deploymentConfig: settings.traffic ?? LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
      alias: this.alias,
      alarms: [this.alarm, ...(settings.alarms ?? [])],
      autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
      // It would be given AWS's own policy too.
      role: role.withoutPolicyUpdates(),
    });
    // CloudFormation must not begin to shift before the role may.
    this.group.node.addDependency(role);
  }

  /**
   * Of one version, and named after it: whatever the version before did, a new alarm is off, so that its correction can be deployed.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-view.html#metrics-dimensions
   */
  #alarm({ topology, function: fn, settings }: LiveAliasProps): Alarm {
    const { version } = fn.currentVersion;
    return new Alarm(this, 'Alarm', {
      alarmName: `${topology.queueName}.errors-of-version-${version}`,
      alarmDescription: `A new version of the function of ${topology.queueName} fails: CodeDeploy goes back to the one before. What to do: docs/deploy.md#rollback in the package tallo.`,
      metric: fn.metricErrors({
        period: Duration.minutes(1),
        dimensionsMap: {
          FunctionName: fn.functionName,
          Resource: `${fn.functionName}:${aliasName}`,
          ExecutedVersion: version,
        },
      }),
      threshold: counted('deployment.errors', settings.errors),
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
