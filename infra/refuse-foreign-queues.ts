import { ConfigurationError } from '../sdk/errors/index.ts';
import type { QueueTopology, Topology } from '../sdk/index.ts';
import type { QueueSettings, TaskRunnerProps } from './task-runner-props.ts';

/** Settings that only queues of one kind have: they would be ignored elsewhere. */
const ofOneKind = { provisionedPollers: 'lambda', minContainers: 'fargate' } as const;

/** @throws ConfigurationError for settings of a queue that the app does not have, or that such a queue does not have */
export function refuseForeignQueues({ app, queues }: Topology, props: TaskRunnerProps): void {
  for (const { name, runOn } of queues) refuseForeignSettings({ name, runOn }, props.queues?.[name] ?? {});
  const known = queues.map(({ name }) => name);
  const foreign = Object.keys(props.queues ?? {}).find((name) => !known.includes(name));
  if (foreign === undefined) return;
  throw new ConfigurationError(
    `Expected settings for queues of app '${app}', which are ${known.join(', ')}, got '${foreign}'.`,
  );
}

function refuseForeignSettings(
  { name, runOn }: Pick<QueueTopology, 'name' | 'runOn'>,
  settings: QueueSettings,
) {
  for (const [setting, kind] of Object.entries(ofOneKind)) {
    if (runOn === kind || settings[setting as keyof typeof ofOneKind] === undefined) continue;
    throw new ConfigurationError(
      `Expected ${setting} only for a queue with runOn: '${kind}', got it for '${name}' with '${runOn}'.`,
    );
  }
}
