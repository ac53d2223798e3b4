import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { wildcardFinding } from '../permissions/wildcard-finding.ts';

/**
 * The role that CodeDeploy takes on. AWS's own policy for it would allow every function and every bucket of the account.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/security_confused_deputy.html
 */
export function deploymentRole(scope: Construct, applicationName: string): Role {
  const stack = Stack.of(scope);
  const groups = stack.formatArn({
    service: 'codedeploy',
    resource: 'deploymentgroup',
    resourceName: `${applicationName}/*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const role = new Role(scope, 'Role', {
    description: `Shifts the calls of '${applicationName}' to new versions`,
    assumedBy: new ServicePrincipal('codedeploy.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
        ArnLike: { 'aws:SourceArn': groups },
      },
    }),
  });
  const alarms = stack.formatArn({
    service: 'cloudwatch',
    resource: 'alarm',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  role.addToPolicy(new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: [alarms] }));
  acknowledge(role, { [wildcardFinding(role, alarms)]: allAlarms });
  return role;
}

const allAlarms =
  'It reads the states of alarms, and does nothing else with them. AWS documents this permission for all alarms, and the name of a new one has the number of a version in it.';

/** Lets the role shift the alias of a function. */
export function allowShifting(role: Role, { functionArn }: IFunction, alias: string): void {
  const versions = `${functionArn}:*`;
  role.addToPolicy(
    new PolicyStatement({
      actions: ['lambda:GetAlias', 'lambda:UpdateAlias'],
      resources: [functionArn, `${functionArn}:${alias}`],
    }),
  );
  role.addToPolicy(
    new PolicyStatement({ actions: ['lambda:GetProvisionedConcurrencyConfig'], resources: [versions] }),
  );
  acknowledge(role, { [wildcardFinding(role, versions)]: numberedVersions });
}

const numberedVersions =
  'The versions of one function of this app: Lambda numbers them, so that nobody knows their names before.';
