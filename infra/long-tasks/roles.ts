import { ArnFormat, Aws, Stack, Token } from 'aws-cdk-lib';
import type { ICluster } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';

const loggingIn =
  'ecr:GetAuthorizationToken, by which ECS logs in to pull the image, knows no resources; what may be pulled is one repository.';
const anyOfOwnTasks =
  'A container that works says so to ECS, lest it is stopped. The id of its ECS task is made up when it starts; only those of this cluster are meant.';

/** The two roles of a container: of what runs in it, and of ECS, which starts it. Neither can do anything before it is granted. */
export function rolesOf(scope: Construct, cluster: ICluster): { taskRole: Role; executionRole: Role } {
  const taskRole = new Role(scope, 'Role', { assumedBy: ecsTasks(scope) });
  const tasks = Stack.of(scope).formatArn({
    service: 'ecs',
    resource: 'task',
    resourceName: `${cluster.clusterName}/*`,
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
  taskRole.addToPolicy(
    new PolicyStatement({
      actions: ['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'],
      resources: [tasks],
    }),
  );
  acknowledge(taskRole, { [`AwsSolutions-IAM5[Resource::${said(scope, tasks)}]`]: anyOfOwnTasks });
  const executionRole = new Role(scope, 'Execution', { assumedBy: ecsTasks(scope) });
  acknowledge(executionRole, { 'AwsSolutions-IAM5[Resource::*]': loggingIn });
  return { taskRole, executionRole };
}

/** Only containers of this account. @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html */
function ecsTasks(scope: Construct): ServicePrincipal {
  const anything = Stack.of(scope).formatArn({
    service: 'ecs',
    resource: '*',
    arnFormat: ArnFormat.NO_RESOURCE_NAME,
  });
  return new ServicePrincipal('ecs-tasks.amazonaws.com', {
    conditions: {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      ArnLike: { 'aws:SourceArn': anything },
    },
  });
}

/** A text with what only the deployment knows, as cdk-nag writes it. */
function said(scope: Construct, text: string): string {
  if (!Token.isUnresolved(text)) return text;
  const resolved: { readonly 'Fn::Join'?: readonly [string, readonly unknown[]] } =
    Stack.of(scope).resolve(text);
  const parts = resolved['Fn::Join']?.[1] ?? [];
  return parts.map((part) => (typeof part === 'string' ? part : `<${nameOf(part)}>`)).join('');
}

function nameOf(reference: unknown): string {
  return typeof reference === 'object' && reference !== null && 'Ref' in reference
    ? String(reference.Ref)
    : '';
}
