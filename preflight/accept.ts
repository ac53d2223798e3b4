import { ConfigurationError } from '../sdk/index.ts';
import type { Finding } from './rule.ts';
import { rules } from './rules.ts';

/** The name of a rule, alone or with what its warning is about: `'queue-unused:emails'`. */
export type Acceptance = string;

/**
 * Reads which warnings are meant so.
 *
 * @throws ConfigurationError for a rule that there is not, or that has no warnings
 */
export function readAcceptances(accept: readonly Acceptance[]): (finding: Finding) => boolean {
  for (const acceptance of accept) checkAcceptance(acceptance);
  const accepted = new Set(accept);
  return ({ level, rule, subject }) =>
    level === 'warning' && (accepted.has(rule) || accepted.has(`${rule}:${subject}`));
}

function checkAcceptance(acceptance: Acceptance): void {
  const [name = ''] = String(acceptance).split(':');
  const rule = rules.find((candidate) => candidate.name === name);
  const warning = rules.filter(({ levels }) => levels.includes('warning')).map((one) => one.name);
  if (!rule) {
    throw new ConfigurationError(
      `Expected every acceptance to be the name of a preflight rule, such as 'queue-unused' or 'queue-unused:emails', got '${acceptance}'. Rules with warnings: ${warning.join(', ')}.`,
    );
  }
  if (!rule.levels.includes('warning')) {
    throw new ConfigurationError(
      `Expected only warnings of preflight to be accepted, got '${acceptance}', whose findings are errors. Correct what it finds.`,
    );
  }
}
