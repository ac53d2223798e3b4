import { Annotations, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { planOf } from '../../preflight/plan/plan-of.ts';
import { ofLevel, type PreflightOptions, preflight } from '../../preflight/preflight.ts';
import { writeReport } from '../../preflight/report.ts';
import type { Stage, Tallo } from '../../sdk/index.ts';
import { actualPlan, type DeployedParts } from './actual-plan.ts';

/** By this a warning can be acknowledged as the CDK's own can. */
const warningId = 'tallo:preflight';

/** What is looked at. */
export interface PreflightAtSynth extends DeployedParts {
  readonly app: Tallo;
  readonly stage: Stage;
  readonly options: PreflightOptions;
}

/**
 * Has a deployment looked at when the template is made, after everything that was changed by hand: an error stops that with the whole
 * report, warnings are told.
 */
export function preflightAtSynth(
  scope: Construct,
  { app, stage, options, ...parts }: PreflightAtSynth,
): void {
  const { region } = Stack.of(scope);
  const plan = planOf(app, { ...options, stage, region: Token.isUnresolved(region) ? null : region });
  scope.node.addValidation({
    validate: () => {
      const found = preflight(actualPlan(plan, parts), options);
      if (found.findings.length === 0) return [];
      const report = writeReport(found);
      if (ofLevel(found.findings, 'error').length > 0) return [report];
      Annotations.of(scope).addWarningV2(warningId, report);
      return [];
    },
  });
}
