import { isProcess } from '../../sdk/app/run-on.ts';
import { connectionTo } from '../../sdk/aws/connection.ts';
import { isAwsAddress } from '../../sdk/aws/endpoint/partition.ts';
import type { Tallo } from '../../sdk/index.ts';
import { UsageError } from '../usage-error.ts';

/** The queues that a worker serves, and those that it leaves to Lambda. */
export interface ServedQueues {
  readonly served: readonly string[];
  readonly left: readonly string[];
}

/**
 * The queues that a worker serves which is given none. On AWS those of functions have their functions: a worker beside them would take
 * their messages away, with other limits, another role and another concurrency. Anywhere else there are no functions.
 *
 * @throws UsageError (USAGE) if nothing is left to serve.
 */
export function servedQueues(
  { name, settings }: Pick<Tallo, 'name' | 'settings'>,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ServedQueues {
  const own = settings.topology.queues.filter(({ runOn }) => runOn !== 'celery');
  const served = isAws(environment) ? own.filter(({ runOn }) => isProcess(runOn)) : own;
  const left = own.filter((queue) => !served.includes(queue)).map((queue) => queue.name);
  if (served.length > 0) return { served: served.map((queue) => queue.name), left };
  throw new UsageError(
    left.length === 0
      ? `Expected a queue to serve, app '${name}' has none: Celery serves them all. Give a queue runOn: 'fargate' or 'server'.`
      : `Expected --queues on AWS, where Lambda serves the queues of app '${name}' (${left.join(', ')}). Name those that are to be served from here too, or give a queue runOn: 'fargate' or 'server'.`,
  );
}

/** AWS itself, or a private way to it; everything else is an emulator. */
function isAws(environment: Readonly<Record<string, string | undefined>>): boolean {
  const { endpoint } = connectionTo('SQS', {}, environment);
  return endpoint === undefined || isAwsAddress(endpoint);
}
