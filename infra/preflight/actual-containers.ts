import type { IConstruct } from 'constructs';
import type { PlannedContainers } from '../../preflight/plan/plan.ts';
import { numberIn, objectIn, renderedIn } from './rendered.ts';

/** Fargate's own default. */
const usualStopSeconds = 30;

/** A queue's containers as they will be. */
export function actualContainers(
  planned: PlannedContainers,
  service: IConstruct | undefined,
): PlannedContainers {
  if (!service) return planned;
  const [task] = renderedIn(service, 'AWS::ECS::TaskDefinition');
  const [scaling] = renderedIn(service, 'AWS::ApplicationAutoScaling::ScalableTarget');
  const { stopTimeoutSeconds, cpuUnits, most } = planned;
  const [container] = Array.isArray(task?.ContainerDefinitions) ? task.ContainerDefinitions : [];
  return {
    ...planned,
    stopTimeoutSeconds: task
      ? numberIn(objectIn(container).StopTimeout, { unset: usualStopSeconds, unknown: stopTimeoutSeconds })
      : stopTimeoutSeconds,
    cpuUnits: numberIn(task?.Cpu, { unset: cpuUnits, unknown: cpuUnits }),
    most: numberIn(scaling?.MaxCapacity, { unset: most, unknown: most }),
  };
}
