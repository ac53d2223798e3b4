import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, Validations } from 'aws-cdk-lib';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { deployed, everything, store, unbundled } from './stacks.ts';

/** A finding of cdk-nag, and whether somebody said why it is meant to be. */
interface Finding {
  readonly rule: string;
  readonly path: string;
}

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  vi.restoreAllMocks();
});

/** What the packs AwsSolutions and Serverless find, warnings too, without what is acknowledged. */
function findingsOf(build: (cdk: App) => void): readonly Finding[] {
  const folder = mkdtempSync(join(tmpdir(), 'tallo-nag-'));
  folders.push(folder);
  // The CDK prints its findings there.
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.spyOn(console, 'error').mockReturnValue();
  const cdk = unbundled(folder);
  const packs = [new AwsSolutionsChecks(cdk), new ServerlessChecks(cdk)];
  for (const pack of packs) Validations.of(cdk).addPlugins(pack);
  build(cdk);
  try {
    cdk.synth();
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ValidationFailed')) throw error;
  }
  return readFindings(join(folder, 'validation-report.json'));
}

function readFindings(file: string): readonly Finding[] {
  const { pluginReports } = JSON.parse(readFileSync(file, 'utf8'));
  return pluginReports.flatMap((report: { violations: readonly Violation[] }) =>
    report.violations.flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => ({ rule: ruleName, path: constructPath })),
    ),
  );
}

interface Violation {
  readonly ruleName: string;
  readonly violatingConstructs: readonly { readonly constructPath: string }[];
}

const env = { region: 'eu-west-1', account: '123456789012' };

describe('cdk-nag, packs AwsSolutions and Serverless, has nothing to say about', () => {
  test('an app with default settings', () => {
    expect(findingsOf((cdk) => deployed({ cdk }))).toEqual([]);
  });

  test('an app with a queue on Fargate, in any region', () => {
    const app = store({ queues: { videos: { runOn: 'fargate' } } });

    expect(findingsOf((cdk) => deployed({ cdk, app }))).toEqual([]);
  });

  test('an app with everything switched on, and a key of its own', () => {
    expect(findingsOf((cdk) => deployed({ cdk, ...everything(), stack: { env } }))).toEqual([]);
  });

  test('an app whose functions are in a network', () => {
    const inNetwork = { isInNetwork: true, functions: { tracing: Tracing.ACTIVE }, stack: { env } };

    expect(findingsOf((cdk) => deployed({ cdk, ...inNetwork }))).toEqual([]);
  });
});

test('it does look: a bucket without anything is found', () => {
  const findings = findingsOf((cdk) => {
    const { stack } = deployed({ cdk });
    new Bucket(stack, 'Careless');
  });

  expect(findings).toContainEqual({ rule: 'AwsSolutions-S10', path: 'Store/Careless/Resource' });
});

test('it looks at our own resources: without its acknowledgement, a finding comes back', () => {
  const findings = findingsOf((cdk) => {
    const { runner } = deployed({ cdk, app: store() });
    runner.grantSchedules(runner.beat.role);
  });

  expect(findings.map(({ rule, path }) => `${rule} ${path}`)).toEqual([
    'AwsSolutions-IAM5[Resource::*] Store/Tasks/Scheduler/Beat/Role/DefaultPolicy/Resource',
  ]);
});
