import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { readContext } from '../../infra/app/context.ts';
import { deploy } from '../../infra/app/deploy.ts';
import { store, unbundled } from './stacks.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('the context of the deployment', () => {
  const read = (context: Readonly<Record<string, unknown>>) => readContext((name) => context[name]);

  test('needs the file of the app, and nothing else', () => {
    expect(read({ entry: 'src/tasks.ts' })).toEqual({ entry: 'src/tasks.ts', nodeModules: [] });
    expect(read({ entry: 'a.ts', nodeModules: 'sharp,canvas', stage: 'prod', region: 'eu-west-1' })).toEqual({
      entry: 'a.ts',
      nodeModules: ['sharp', 'canvas'],
      stage: 'prod',
      region: 'eu-west-1',
    });
  });

  test.each(['us-gov-west-1', 'ap-southeast-7', 'us-isof-south-1', 'eusc-de-east-1'])(
    'takes the region %s',
    (region) => {
      expect(read({ entry: 'a.ts', region }).region).toBe(region);
    },
  );

  test.each([
    [{}, "Expected the context to name the app's file, such as -c entry=src/tasks.ts, got none."],
    [{ entry: 7 }, "Expected the context's entry to be a text, got 7."],
    [
      { entry: 'a.ts', region: 'ireland' },
      "Expected the context's region to be the name of a region such as us-east-1, got 'ireland'.",
    ],
    [
      { entry: 'a.ts', nodeModules: { sharp: true } },
      `Expected the context's nodeModules to be a list of names, got {"sharp":true}.`,
    ],
    [
      { entry: 'a.ts', removal: 'always' },
      "Expected the context's removal to be destroy or retain, got 'always'.",
    ],
    [
      { entry: 'a.ts', standbyRegion: 'us-west-2' },
      'Expected standbyRegion with another region beside it, such as -c region=us-east-1 -c standbyRegion=us-west-2, got region none and standbyRegion us-west-2.',
    ],
    [
      { entry: 'a.ts', region: 'us-east-1', standbyRegion: 'us-west-2', beatRegion: 'eu-west-1' },
      'Expected beatRegion to be the region or the standbyRegion, one of us-east-1, us-west-2, got eu-west-1.',
    ],
  ])('%j is refused', (context, message) => {
    expect(() => read(context)).toThrow(message);
  });
});

describe('a second region', () => {
  const regions = { region: 'us-east-1', standbyRegion: 'us-west-2' };

  function templates(more: { readonly beatRegion?: string } = {}) {
    const settings = { ...regions, ...more, nodeModules: [], entry: 'examples/app.ts', stage: 'prod' };
    const runners = deploy(unbundled(), { ...settings, app: store(), removalPolicy: RemovalPolicy.RETAIN });
    return runners.map((runner) => Template.fromStack(Stack.of(runner)));
  }

  test('has queues, functions and schedules of its own, and a replica of the one table', () => {
    const [first, second] = templates();

    first?.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      TableName: 'store-prod-tasks',
      Replicas: [Match.objectLike({ Region: 'us-west-2' }), Match.objectLike({ Region: 'us-east-1' })],
    });
    second?.resourceCountIs('AWS::DynamoDB::GlobalTable', 0);
    for (const type of ['AWS::SQS::Queue', 'AWS::Lambda::Function', 'AWS::Lambda::EventSourceMapping']) {
      second?.resourceCountIs(type, Object.keys(first?.findResources(type) ?? {}).length);
    }
    second?.hasResourceProperties('AWS::IAM::Role', { RoleName: 'store-prod-scheduler-us-west-2' });
  });

  test.each([
    [{}, ['ENABLED', 'DISABLED']],
    [{ beatRegion: 'us-west-2' }, ['DISABLED', 'ENABLED']],
  ])('beat fires in one of them: with %j, schedules are %j', (more, states) => {
    const found = templates(more).map((template) =>
      Object.values(template.findResources('AWS::Scheduler::Schedule')).map(
        ({ Properties }) => Properties.State,
      ),
    );

    expect(found).toEqual(states.map((state) => [state]));
  });
});

test('cdk synth works with cdk.json, and a second time makes the same', { timeout: 180_000 }, () => {
  const synth = () => {
    const out = mkdtempSync(join(tmpdir(), 'tallo-synth-'));
    const cdk = join(root, 'node_modules', '.bin', 'cdk');
    execFileSync(cdk, ['synth', '--quiet', '--no-notices', '--output', out, '--context', 'stage=prod'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const template = readFileSync(join(out, 'demo-prod.template.json'), 'utf8');
    const assets = readdirSync(out)
      .filter((name) => name.startsWith('asset.'))
      .sort();
    rmSync(out, { recursive: true });
    return { template, assets };
  };

  const once = synth();

  expect(Object.keys(JSON.parse(once.template).Resources).length).toBeGreaterThan(20);
  expect(synth()).toEqual(once);
});
