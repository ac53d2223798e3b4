import { type App, CfnOutput, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Tallo } from '../../sdk/index.ts';
import { TaskRunner } from '../task-runner.ts';
import type { TaskRunnerProps } from '../task-runner-props.ts';
import type { Context } from './context.ts';

/** What is deployed, and how. */
export interface Deployment extends Omit<Context, 'removal'> {
  readonly app: Tallo;
  readonly removalPolicy: RemovalPolicy;
}

/** Makes the stack of an app: one, or a second one in a region that stands by. */
export function deploy(cdk: App, deployment: Deployment): readonly TaskRunner[] {
  const { app, stage, region, standbyRegion, beatRegion = region } = deployment;
  const id = [app.name, stage].filter(Boolean).join('-');
  const first = stackOf(cdk, id, { region, deployment });
  const isPaused = beatRegion !== region;
  const replicas = standbyRegion === undefined ? {} : { table: { replicaRegions: [standbyRegion] } };
  const runner = runnerOf(first, deployment, { ...replicas, beat: isPaused ? 'paused' : 'running' });
  if (standbyRegion === undefined) return [runner];
  const second = stackOf(cdk, `${id}-standby`, { region: standbyRegion, deployment });
  // Its table is a replica of the first one's, and is there once that one is.
  second.node.addDependency(first);
  const existing = TableV2.fromTableName(second, 'Replica', runner.topology.tableName);
  const beat = isPaused ? 'running' : 'paused';
  return [runner, runnerOf(second, deployment, { table: { existing }, beat })];
}

interface Place {
  readonly region: string | undefined;
  readonly deployment: Deployment;
}

function stackOf(cdk: App, id: string, { region, deployment }: Place): Stack {
  const account = process.env.CDK_DEFAULT_ACCOUNT;
  return new Stack(cdk, id, {
    description: `The background tasks of '${deployment.app.name}'`,
    env: {
      ...(region !== undefined && { region }),
      ...(region !== undefined && account !== undefined && { account }),
    },
  });
}

function runnerOf(stack: Stack, deployment: Deployment, own: Partial<TaskRunnerProps>): TaskRunner {
  const { app, entry, stage, removalPolicy, nodeModules } = deployment;
  const runner = new TaskRunner(stack, 'Tasks', {
    app,
    entry,
    removalPolicy,
    ...(stage !== undefined && { stage }),
    ...(nodeModules.length > 0 && { functions: { bundling: { nodeModules: [...nodeModules] } } }),
    ...own,
  });
  for (const [name, value] of Object.entries(runner.environment)) {
    new CfnOutput(stack, outputOf(name), { value, description: `For a back end: ${name}` });
  }
  return runner;
}

/** Outputs have no underscores: TALLO_QUEUE_URLS becomes TalloQueueUrls. */
function outputOf(variable: string): string {
  return variable
    .split('_')
    .map((word) => `${word.slice(0, 1)}${word.slice(1).toLowerCase()}`)
    .join('');
}
