import { ConfigurationError } from '../sdk/errors/index.ts';
import type { Topology } from '../sdk/index.ts';
import type { TaskRunnerProps } from './task-runner-props.ts';

/** @throws ConfigurationError for settings of a queue that the app does not have */
export function refuseForeignQueues({ app, queues }: Topology, props: TaskRunnerProps): void {
  const known = queues.map(({ name }) => name);
  const foreign = Object.keys(props.queues ?? {}).find((name) => !known.includes(name));
  if (foreign === undefined) return;
  throw new ConfigurationError(
    `Expected settings for queues of app '${app}', which are ${known.join(', ')}, got '${foreign}'.`,
  );
}
