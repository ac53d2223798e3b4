import type { Command } from 'commander';
import type { Plan } from '../../preflight/plan/plan.ts';
import { type PlanOptions, planOf } from '../../preflight/plan/plan-of.ts';
import { ofLevel, type Preflight, type PreflightOptions, preflight } from '../../preflight/preflight.ts';
import { writeReport } from '../../preflight/report.ts';
import { withApp } from '../app/with-app.ts';
import type { Context, Perform } from '../command.ts';
import { deployedPlan, differences, queueNamesIn } from '../doctor/compare-deployed.ts';
import { readDeployedQueues } from '../doctor/deployed-queues.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { readQuota } from '../input/read-quota.ts';

export const examples = [
  'tallo doctor',
  'tallo doctor --stage prod --region eu-west-1 --strict',
  'tallo doctor --stage prod --region eu-west-1 --live',
  'tallo doctor --accept queue-unused:archive --account-concurrency 10',
];

interface Flags
  extends Pick<PlanOptions, 'accountConcurrency' | 'fargateVcpus'>,
    Pick<PreflightOptions, 'accept'> {
  readonly region?: string;
  readonly stage?: string;
  readonly live?: boolean;
  readonly strict?: boolean;
}

export function define(command: Command, perform: Perform): void {
  command
    .option('--region <name>', 'the region, for its quotas (default: AWS_REGION)')
    .option('--stage <name>', 'the deployment to look at (default: TALLO_STAGE)')
    .option(
      '--account-concurrency <n>',
      "the account's concurrent executions of Lambda there (default: 1000)",
      readQuota('--account-concurrency'),
    )
    .option(
      '--fargate-vcpus <n>',
      "the account's virtual CPUs of Fargate there (default: 6)",
      readQuota('--fargate-vcpus'),
    )
    .option('--accept <rule...>', 'warnings that are meant so: queue-unused, or queue-unused:archive for one')
    .option('--live', 'look at the queues as they are deployed, and tell where they are not as the app says')
    .option('--strict', 'fail because of warnings too')
    .action((flags: Flags) => perform((context) => examine(flags, context)));
}

function examine(flags: Flags, { app: named, output }: Context): Promise<ExitCode> {
  return withApp(named, async (app) => {
    const { accept = [], strict = false, live = false, ...where } = flags;
    const plan = planOf(app, { region: process.env.AWS_REGION || null, ...where });
    const found = live ? await preflightLive(plan, { accept }) : preflight(plan, { accept });
    output.result(dataOf(found), writeReport(found));
    const serious = strict ? found.findings : ofLevel(found.findings, 'error');
    return serious.length === 0 ? exitCodes.fine : exitCodes.usage;
  });
}

/** The rules look at the queues as they are; what differs from the app is told besides. */
async function preflightLive(plan: Plan, options: PreflightOptions): Promise<Preflight> {
  const deployed = await readDeployedQueues(queueNamesIn(plan), plan.region);
  const found = preflight(deployedPlan(plan, deployed), options);
  const findings = [...differences(plan, deployed), ...found.findings];
  return { ...found, findings: [...ofLevel(findings, 'error'), ...ofLevel(findings, 'warning')] };
}

function dataOf({ plan: { app, stage, region }, findings, accepted }: Preflight) {
  const [errors, warnings] = [ofLevel(findings, 'error').length, ofLevel(findings, 'warning').length];
  return { app, stage, region, errors, warnings, accepted: accepted.length, findings };
}
