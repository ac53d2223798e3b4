import { ofLevel, type Preflight } from './preflight.ts';
import type { Finding } from './rule.ts';
import { several } from './wording.ts';

/** Writes what preflight found for people: errors first, and how much was looked at. */
export function writeReport({ plan, findings, accepted, rules }: Preflight): string {
  const errors = ofLevel(findings, 'error').length;
  const warnings = ofLevel(findings, 'warning').length;
  const counts = [
    several(errors, 'error'),
    several(warnings, 'warning'),
    ...(accepted.length > 0 ? [`${accepted.length} accepted`] : []),
  ].join(', ');
  const seen = `${several(rules, 'rule')} looked at ${several(plan.queues.length, 'queue')} and ${several(plan.tasks.length, 'task')}`;
  return [`Preflight of ${placeOf(plan)}`, ...findings.map(paragraph), `${counts}; ${seen}.`].join('\n\n');
}

function placeOf({ app, stage, region }: Preflight['plan']): string {
  const parts = [
    `app '${app}'`,
    ...(stage === null ? [] : [`stage '${stage}'`]),
    ...(region === null ? [] : [region]),
  ];
  return parts.join(', ');
}

function paragraph({ level, rule, where, found, wanted, advice, see }: Finding): string {
  return [
    `${level.toUpperCase()} ${rule}: ${where}`,
    `  found   ${found}`,
    `  wanted  ${wanted}`,
    `  do      ${advice}`,
    `  see     ${see}`,
  ].join('\n');
}
