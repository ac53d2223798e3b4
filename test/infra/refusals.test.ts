import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Stack, type StackProps } from 'aws-cdk-lib';
import { TaskRunner } from 'tallo/infra';
import { describe, expect, test } from 'vitest';
import { copyWithout } from '../cli/copy-without.ts';
import { deployed, store, unbundled } from './stacks.ts';

describe('a file that is not there', () => {
  test.each(['entry', 'consumerEntry'])('is refused as %s', (option) => {
    expect(() => deployed({ [option]: 'src/tasks.ts' })).toThrow(
      `Expected ${option} to be a file, got 'src/tasks.ts': there is none at ${resolve('src/tasks.ts')}. A relative path begins where cdk was started.`,
    );
  });

  test('nor is a folder one', () => {
    expect(() => deployed({ entry: 'examples' })).toThrow("Expected entry to be a file, got 'examples'");
  });
});

describe('a second runner of an app', () => {
  const ireland = { account: '123456789012', region: 'eu-west-1' };

  /** A stack with a runner, then another one beside it. */
  function twice(
    [first, second]: readonly [StackProps, StackProps],
    stages: readonly (string | undefined)[] = [],
  ) {
    const cdk = unbundled();
    for (const [index, stackProps] of [first, second].entries()) {
      const stage = stages[index];
      const stack = new Stack(cdk, `Store${index}`, stackProps);
      new TaskRunner(stack, 'Tasks', { app: store(), entry: 'examples/app.ts', ...(stage && { stage }) });
    }
  }

  test('is refused in the same account and region', () => {
    expect(() => twice([{ env: ireland }, { env: ireland }])).toThrow(
      "Expected one TaskRunner of app 'store' in an account and region, got 'Store0/Tasks' and 'Store1/Tasks'. Give each a stage of its own, such as stage: 'dev'.",
    );
  });

  test('is refused in the same stack', () => {
    const { stack } = deployed();

    expect(() => new TaskRunner(stack, 'Again', { app: store(), entry: 'examples/app.ts' })).toThrow(
      "got 'Store/Tasks' and 'Store/Again'",
    );
  });

  test.each<[string, readonly [StackProps, StackProps], readonly (string | undefined)[]]>([
    ['of another stage', [{ env: ireland }, { env: ireland }], ['dev', 'prod']],
    ['of no stage', [{ env: ireland }, { env: ireland }], ['dev', undefined]],
    ['in another region', [{ env: ireland }, { env: { ...ireland, region: 'eu-west-2' } }], []],
    ['in another account', [{ env: ireland }, { env: { ...ireland, account: '210987654321' } }], []],
    ['in a stack for any account', [{}, {}], []],
  ])('is taken %s', (_what, stacks, stages) => {
    expect(() => twice(stacks, stages)).not.toThrow();
  });
});

test.each([
  ['esbuild', 'bundling the functions'],
  ['commander', "the containers of queues with runOn: 'fargate'"],
])('bundling without %s says how to install it', async (missing, purpose) => {
  const folder = copyWithout(missing);
  const script = `
    import { App, Stack } from 'aws-cdk-lib';
    import { Tallo } from 'tallo';
    import { TaskRunner } from 'tallo/infra';
    const app = new Tallo('store', { queues: { videos: { runOn: 'fargate' } } });
    new TaskRunner(new Stack(new App(), 'Store'), 'Tasks', { app, entry: 'deploy.ts' });`;
  writeFileSync(join(folder, 'deploy.ts'), script);

  const synth = promisify(execFile)(process.execPath, ['--conditions=tallo-source', 'deploy.ts'], {
    cwd: folder,
  });

  await expect(synth).rejects.toThrow(
    `Expected the package '${missing}' for ${purpose}, found none. Install it: npm install --save-dev ${missing}`,
  );
});

test.each([
  [
    { minContainers: 1 },
    "Expected minContainers only for a queue with runOn: 'fargate', got it for 'default' with 'lambda'.",
  ],
  [
    { provisionedPollers: { minimumPollers: 2 } },
    "Expected provisionedPollers only for a queue with runOn: 'lambda', got it for 'own' with 'server'.",
  ],
])('settings of another kind of queue are refused: %j', (settings, message) => {
  const app = store({ queues: { default: {}, own: { runOn: 'server' } } });
  const name = 'minContainers' in settings ? 'default' : 'own';

  expect(() => deployed({ app, queues: { [name]: settings } })).toThrow(message);
});
