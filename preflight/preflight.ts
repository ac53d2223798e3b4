import { type Acceptance, readAcceptances } from './accept.ts';
import type { Plan } from './plan/plan.ts';
import type { Breach, Finding } from './rule.ts';
import { rules } from './rules.ts';

/** What preflight takes into account beside the app. */
export interface PreflightOptions {
  /**
   * Warnings that are meant so, by the rule's name, or for one queue, task, route or entry: `'queue-unused:emails'`. Errors cannot be
   * accepted. @default none
   */
  readonly accept?: readonly Acceptance[];
  /** Lambda's quota of concurrent executions in the region, from 1. @default 1,000; new accounts have 10 */
  readonly accountConcurrency?: number;
  /** Fargate's quota of virtual CPUs in the region. @default 6 */
  readonly fargateVcpus?: number;
}

/** What came of it. */
export interface Preflight {
  readonly plan: Plan;
  /** Errors first, then warnings, each in the order of the rules. */
  readonly findings: readonly Finding[];
  /** Warnings that were accepted. */
  readonly accepted: readonly Finding[];
  readonly rules: number;
}

/**
 * Looks at a plan by every rule.
 *
 * @throws ConfigurationError for an acceptance of what is no warning
 */
export function preflight(plan: Plan, { accept = [] }: Pick<PreflightOptions, 'accept'> = {}): Preflight {
  const isAccepted = readAcceptances(accept);
  const all = rules.flatMap(({ name, see, check }) =>
    merged(check(plan)).map((breach): Finding => ({ rule: name, ...breach, see })),
  );
  const findings = all.filter((finding) => !isAccepted(finding));
  return {
    plan,
    findings: [...ofLevel(findings, 'error'), ...ofLevel(findings, 'warning')],
    accepted: all.filter(isAccepted),
    rules: rules.length,
  };
}

/** The errors or the warnings among findings. */
export function ofLevel(findings: readonly Finding[], level: Finding['level']): readonly Finding[] {
  return findings.filter((finding) => finding.level === level);
}

/** Lanes of one queue often have the same wrong number: that is one finding. */
function merged(breaches: readonly Breach[]): readonly Breach[] {
  const alike = new Map<string, Breach>();
  for (const { where, ...breach } of breaches) {
    const key = JSON.stringify(breach);
    const first = alike.get(key);
    alike.set(key, { ...breach, where: first ? `${first.where}; ${where}` : where });
  }
  return [...alike.values()];
}
