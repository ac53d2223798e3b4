import { Annotations, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { planOf } from '../../preflight/plan/plan-of.ts';
import { ofLevel, preflight } from '../../preflight/preflight.ts';
import { writeReport } from '../../preflight/report.ts';
import type { Topology } from '../../sdk/index.ts';
import type { TaskRunnerProps } from '../task-runner-props.ts';
import { actualPlan, type DeployedParts } from './actual-plan.ts';

/** By this a warning can be acknowledged, as the CDK's own can. */
const warningId = 'tallo:preflight';

/** What is looked at. */
export interface PreflightAtSynth {
  readonly parts: Omit<DeployedParts, 'queues'> & { readonly topology: Topology };
  readonly queues: DeployedParts['queues'];
  readonly props: TaskRunnerProps;
}

/**
 * Has a deployment looked at when its template is made, after everything that was changed by hand: an error stops that with the whole
 * report, warnings are told.
 */
export function preflightAtSynth(scope: Construct, { parts, queues, props }: PreflightAtSynth): void {
  const { app, preflight: options = {} } = props;
  const { region } = Stack.of(scope);
  const plan = planOf(app, {
    ...options,
    topology: parts.topology,
    region: Token.isUnresolved(region) ? null : region,
  });
  scope.node.addValidation({
    validate: () => {
      const found = preflight(actualPlan(scope, plan, { ...parts, queues }), options);
      if (found.findings.length === 0) return [];
      const report = writeReport(found);
      if (ofLevel(found.findings, 'error').length > 0) return [report];
      Annotations.of(scope).addWarningV2(warningId, report);
      return [];
    },
  });
}
