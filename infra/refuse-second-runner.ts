import { Stack, Token } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import { ConfigurationError } from '../sdk/errors/index.ts';
import type { Topology } from '../sdk/index.ts';

/** For each CDK app the paths of its runners, by what must be theirs alone. */
const runnersOf = new WeakMap<IConstruct, Map<string, string>>();

/**
 * Two runners of one app and stage would want the same names. CloudFormation says so when half of the second stack is there.
 *
 * @throws ConfigurationError for a second one in the same account and region
 */
export function refuseSecondRunner(runner: Construct, { app, tableName }: Topology): void {
  const { root, path } = runner.node;
  const runners = runnersOf.get(root) ?? new Map<string, string>();
  runnersOf.set(root, runners);
  const place = `${tableName} ${placeOf(Stack.of(runner))}`;
  const other = runners.get(place);
  if (other !== undefined) {
    throw new ConfigurationError(
      `Expected one TaskRunner of app '${app}' in an account and region, got '${other}' and '${path}'. Give each a stage of its own, such as stage: 'dev'.`,
    );
  }
  runners.set(place, path);
}

/** Stacks for any account or region may go to different ones. */
function placeOf(stack: Stack): string {
  const { account, region } = stack;
  const isAnywhere = Token.isUnresolved(account) || Token.isUnresolved(region);
  return isAnywhere ? stack.node.path : `${account} ${region}`;
}
