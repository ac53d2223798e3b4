import type { TestProject } from 'vitest/node';
import { bootstrap, cdk, deploy } from './cdk.ts';
import { type Localstack, startLocalstack } from './localstack.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The address of LocalStack, which has the stacks of `apps/stacks.ts`, and of `cdk.json`. */
    readonly localstack: string;
  }
}

let localstack: Localstack | undefined;

/** Once for all test files. */
export async function setup(project: TestProject): Promise<void> {
  localstack = await startLocalstack();
  const { url } = localstack;
  try {
    await bootstrap(url);
    await deploy('test/localstack/apps/stacks.ts', { url });
    // The app of this repository, by cdk.json, as the README says it.
    await cdk(['deploy', '--all', '--require-approval', 'never'], { url });
  } catch (error) {
    await teardown();
    throw error;
  }
  project.provide('localstack', url);
}

export async function teardown(): Promise<void> {
  await localstack?.stop();
  localstack = undefined;
}
