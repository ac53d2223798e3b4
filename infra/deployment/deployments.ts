import { LambdaApplication } from 'aws-cdk-lib/aws-codedeploy';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { QueueTopology, Topology } from '../../sdk/index.ts';
import { deploymentRole } from './deployment-role.ts';
import type { DeploymentSettings } from './deployment-settings.ts';
import { LiveAlias } from './live-alias.ts';

/** What the safe deployments of all queues share: one application of CodeDeploy, and the role that it takes on. */
export class Deployments extends Construct {
  readonly application: LambdaApplication;
  readonly role: Role;
  readonly #settings: DeploymentSettings;

  constructor(
    scope: Construct,
    id: string,
    {
      topology: { scheduleGroup: place },
      settings,
    }: { readonly topology: Topology; readonly settings: DeploymentSettings },
  ) {
    super(scope, id);
    this.#settings = settings;
    const applicationName = `${place}-tasks`;
    this.application = new LambdaApplication(this, 'Application', { applicationName });
    this.role = deploymentRole(this, applicationName);
  }

  /** Puts the function of a queue behind an alias. */
  aliasOf(scope: Construct, topology: QueueTopology, fn: LambdaFunction): LiveAlias {
    const { application, role } = this;
    return new LiveAlias(scope, 'Live', {
      topology,
      function: fn,
      application,
      role,
      settings: this.#settings,
    });
  }
}
