import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** How cdk-nag names its finding that a policy allows something for an ARN with a `*` in it. */
export function wildcardFinding(scope: IConstruct, arn: string): string {
  return `AwsSolutions-IAM5[Resource::${flat(Stack.of(scope).resolve(arn))}]`;
}

/** References become their names in angle brackets. */
function flat(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[name, given] = ['', undefined]] = Object.entries(value);
  if (name === 'Ref') return `<${flat(given)}>`;
  const parts: readonly unknown[] = Array.isArray(given) ? given : [];
  if (name === 'Fn::GetAtt') return `<${parts.map(flat).join('.')}>`;
  const [delimiter, pieces] = parts;
  return Array.isArray(pieces) ? pieces.map(flat).join(flat(delimiter)) : JSON.stringify(value);
}
