import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { acknowledge } from '../acknowledge.ts';
import { wildcardFinding } from '../permissions/wildcard-finding.ts';

const named = (verbs: readonly string[]) => verbs.map((verb) => `ec2:${verb}`);
const describing = named(['DescribeNetworkInterfaces', 'DescribeSubnets']);
const changing = named([
  'AssignPrivateIpAddresses',
  'CreateNetworkInterface',
  'DeleteNetworkInterface',
  'UnassignPrivateIpAddresses',
]);

/**
 * What Lambda does by a function's role to bring it into a network. The CDK gives this only to roles that it makes itself.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
export function allowNetwork(role: Role): void {
  const anyInterface = Stack.of(role).formatArn({
    service: 'ec2',
    resource: '*',
    resourceName: '*',
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
  role.addToPolicy(new PolicyStatement({ actions: describing, resources: ['*'] }));
  role.addToPolicy(new PolicyStatement({ actions: changing, resources: [anyInterface] }));
  acknowledge(role, {
    'AwsSolutions-IAM5[Resource::*]': 'Network interfaces and subnets can be described all or none.',
    [wildcardFinding(role, anyInterface)]:
      'Lambda makes the interfaces, so that nobody knows their ids before.',
  });
}
