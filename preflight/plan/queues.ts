import { isProcess } from '../../sdk/app/run-on.ts';
import type { QueueTopology } from '../../sdk/index.ts';
import type { PlannedContainers, PlannedQueue } from './plan.ts';

/** As long as Fargate waits at most, and a little less for the worker to give back what has not ended. */
const usualStop = { stopTimeoutSeconds: 120, graceSeconds: 110 };
/** A process renews the visibility of what it runs three times before it ends. */
const renewals = 3;

/** Describes a queue as it is deployed where nobody changes anything. */
export function plannedQueue(topology: QueueTopology): PlannedQueue {
  const { name, runOn, timeLimitSeconds, timeoutSeconds, visibilitySeconds, memoryMiB } = topology;
  return {
    name,
    runOn,
    timeLimitSeconds,
    neededSeconds: timeoutSeconds,
    lanes: topology.lanes.map((lane) => ({
      name: lane.name,
      queueName: lane.queueName,
      visibilitySeconds,
      retentionSeconds: topology.retentionSeconds,
      maxReceives: topology.maxReceives,
      source:
        runOn === 'lambda'
          ? {
              batchSize: topology.batchSize,
              batchWindowSeconds: topology.batchWindowSeconds,
              maximumConcurrency: lane.concurrency,
              provisioned: null,
              reportsBatchItemFailures: true,
              isEnabled: true,
            }
          : null,
    })),
    deadLetters: {
      queueName: topology.deadLetterQueueName,
      retentionSeconds: topology.deadLetterRetentionSeconds,
      hasAlarm: true,
    },
    function:
      runOn === 'lambda' ? { timeoutSeconds, memoryMiB, reservedConcurrency: null, mayLoop: true } : null,
    containers: containersOf(topology),
    renewalSeconds: isProcess(runOn) ? visibilitySeconds / renewals : null,
  };
}

/** Only containers have units of a processor, and they always have a number. */
function containersOf({ concurrency, cpuUnits }: QueueTopology): PlannedContainers | null {
  if (cpuUnits === null || concurrency === null) return null;
  return { most: concurrency, cpuUnits, ...usualStop };
}
