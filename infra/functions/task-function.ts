import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, RecursiveLoop, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type Entry, entryFile } from '../../functions/entry/entries.ts';
import { acknowledge } from '../acknowledge.ts';
import type { Shared } from '../shared.ts';
import { bundlingOf } from './bundling.ts';
import { allowNetwork } from './network-permissions.ts';

/** What one function of the app is. */
export interface TaskFunctionProps {
  readonly shared: Shared;
  /** Which of our entries it runs, or the user's own file that exports `handler`. */
  readonly entry: Entry | { readonly file: string };
  readonly functionName?: string;
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly memoryMiB: number;
  /** Where events go that it failed on, if nobody else keeps them. */
  readonly deadLetterQueue?: IQueue;
}

const fromQueues =
  'Its only events are batches of SQS: what it fails on stays in the queue, and goes to the dead-letter queue of that queue.';
const tracesHaveNoResource = 'X-Ray has no resource that a permission to send traces could be narrowed to.';
const noTracing =
  'Traces cost money for each call. Whoever wants them says functions: { tracing: Tracing.ACTIVE }.';

/**
 * A function of the app with a role and a log group of its own. The role can write that log, and nothing else before it is granted.
 *
 * @example
 * ```ts
 * import { App, Stack } from 'aws-cdk-lib';
 * import { Tallo } from 'tallo';
 * import { TaskRunner } from 'tallo/infra';
 *
 * const app = new Tallo('store', { queues: { emails: { lanes: 2 } } });
 * const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Store');
 * const tasks = new TaskRunner(stack, 'Tasks', { app, entry: 'examples/app.ts' });
 *
 * tasks.beat.function.addEnvironment('TALLO_LOG_LEVEL', 'warn');
 * console.log(tasks.beat.role.node.path); // Store/Tasks/Scheduler/Beat/Role
 * ```
 */
export class TaskFunction extends Construct {
  readonly function: NodejsFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: TaskFunctionProps) {
    super(scope, id);
    const { shared, entry, functionName, description, timeoutSeconds, memoryMiB, deadLetterQueue } = props;
    const { architecture = Architecture.ARM_64, bundling = {}, ...network } = shared.functions;
    const logGroup = new LogGroup(this, 'Log', {
      retention: shared.logRetention,
      removalPolicy: shared.removalPolicy,
      ...(shared.encryptionKey && { encryptionKey: shared.encryptionKey }),
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(this.role);
    this.function = new NodejsFunction(this, 'Function', {
      ...network,
      ...(functionName !== undefined && { functionName }),
      description,
      runtime: Runtime.NODEJS_24_X,
      architecture,
      entry: typeof entry === 'string' ? entryFile(entry) : entry.file,
      handler: 'handler',
      bundling: bundlingOf(shared.appFile, { architecture, wanted: bundling }),
      timeout: Duration.seconds(timeoutSeconds),
      memorySize: memoryMiB,
      environment: { NODE_OPTIONS: '--enable-source-maps', ...shared.functions.environment },
      awsSdkConnectionReuse: false,
      ...(deadLetterQueue && { deadLetterQueue }),
      role: this.role,
      logGroup,
      // A retry, or a chain of many steps, is a function that sends to its own queue: Lambda would take it for a mistake after 16 rounds.
      recursiveLoop: RecursiveLoop.ALLOW,
      // A version before is kept: it may be at work, and a person may want it back.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
    });
    if (network.vpc) allowNetwork(this.role);
    if (!deadLetterQueue) acknowledge(this.function, { 'Serverless-LambdaDLQ': fromQueues });
    if (network.tracing) acknowledge(this.role, { 'AwsSolutions-IAM5[Resource::*]': tracesHaveNoResource });
    else acknowledge(this.function, { 'Serverless-LambdaTracing': noTracing });
  }
}
