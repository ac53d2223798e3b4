import type { Template } from 'aws-cdk-lib/assertions';

/** What a policy allows. */
export interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** What a role may do, by the beginning of its logical id. */
export function allowedTo(template: Template, role: string): readonly Statement[] {
  const policies = Object.entries(template.findResources('AWS::IAM::Policy'));
  const own = policies.filter(([id]) => id.startsWith(role));
  return own.flatMap(([, { Properties }]): readonly Statement[] => Properties.PolicyDocument.Statement);
}

/** The actions in it, each once. */
export function actionsIn(statements: readonly Statement[]): readonly string[] {
  return [...new Set(statements.flatMap(({ Action }) => Action))].sort();
}
