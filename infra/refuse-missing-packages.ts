import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { MissingDependencyError } from '../sdk/errors/index.ts';
import type { TaskRunnerProps } from './task-runner-props.ts';

const project = createRequire(resolve('package.json'));
const thisPackage = createRequire(import.meta.url);

/**
 * Without esbuild the CDK bundles in Docker, which sees neither the app's file nor this package; without commander, esbuild fails in a file
 * that nobody has written.
 *
 * @throws MissingDependencyError with the command that installs it
 */
export function refuseMissingPackages(scope: Construct, { app, longTasks }: TaskRunnerProps): void {
  if (!Stack.of(scope).bundlingRequired) return;
  need('esbuild', 'bundling the functions');
  const isBundled = longTasks?.image === undefined;
  const hasContainers = app.topology().queues.some(({ runOn }) => runOn === 'fargate');
  if (isBundled && hasContainers) need('commander', "the containers of queues with runOn: 'fargate'");
}

function need(name: string, purpose: string): void {
  if ([project, thisPackage].some((from) => isFound(from, name))) return;
  throw new MissingDependencyError(
    `Expected the package '${name}' for ${purpose}, found none. Install it: npm install --save-dev ${name}`,
  );
}

function isFound(from: NodeJS.Require, name: string): boolean {
  try {
    return from.resolve(name) !== '';
  } catch {
    return false;
  }
}
