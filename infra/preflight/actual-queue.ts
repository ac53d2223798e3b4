import { Stack } from 'aws-cdk-lib';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { PlannedDeadLetters, PlannedLane, PlannedSource } from '../../preflight/plan/plan.ts';
import { numberIn, numberOrNull, objectIn, type Properties, renderedBy } from './rendered.ts';

/** SQS's own defaults. */
const usual = { visibilitySeconds: 30, retentionSeconds: 345_600 };

/** A lane as its queue and its event source will be. */
export function actualLane(planned: PlannedLane, queue: Queue, sources: readonly Properties[]): PlannedLane {
  const { VisibilityTimeout, MessageRetentionPeriod, RedrivePolicy } = propertiesOf(queue);
  return {
    ...planned,
    visibilitySeconds: numberIn(VisibilityTimeout, {
      unset: usual.visibilitySeconds,
      unknown: planned.visibilitySeconds,
    }),
    retentionSeconds: retentionIn(MessageRetentionPeriod, planned),
    maxReceives: numberOrNull(objectIn(RedrivePolicy).maxReceiveCount, planned.maxReceives),
    source: planned.source && actualSource(planned.source, sourceOf(queue, sources)),
  };
}

/** A dead-letter queue as it will be. Any alarm of the stack that names it is one. */
export function actualDeadLetters(
  planned: PlannedDeadLetters,
  queue: Queue,
  alarms: readonly Properties[],
): PlannedDeadLetters {
  const name = JSON.stringify(Stack.of(queue).resolve(queue.queueName));
  return {
    ...planned,
    retentionSeconds: retentionIn(propertiesOf(queue).MessageRetentionPeriod, planned),
    hasAlarm: alarms.some((alarm) => JSON.stringify(alarm).includes(name)),
  };
}

function propertiesOf(queue: Queue): Properties {
  return renderedBy(queue) ?? {};
}

function retentionIn(
  value: unknown,
  { retentionSeconds: unknown }: { readonly retentionSeconds: number },
): number {
  return numberIn(value, { unset: usual.retentionSeconds, unknown });
}

function sourceOf(queue: Queue, sources: readonly Properties[]): Properties | undefined {
  const arn = JSON.stringify(Stack.of(queue).resolve(queue.queueArn));
  return sources.find(({ EventSourceArn }) => JSON.stringify(EventSourceArn) === arn);
}

function actualSource(planned: PlannedSource, properties: Properties | undefined): PlannedSource | null {
  if (!properties) return null;
  const { BatchSize, MaximumBatchingWindowInSeconds, FunctionResponseTypes } = properties;
  return {
    batchSize: numberIn(BatchSize, { unset: 10, unknown: planned.batchSize }),
    batchWindowSeconds: numberIn(MaximumBatchingWindowInSeconds, {
      unset: 0,
      unknown: planned.batchWindowSeconds,
    }),
    maximumConcurrency: numberOrNull(
      objectIn(properties.ScalingConfig).MaximumConcurrency,
      planned.maximumConcurrency,
    ),
    provisioned: provisionedIn(properties.ProvisionedPollerConfig),
    isEnabled: properties.Enabled !== false,
    reportsBatchItemFailures: JSON.stringify(FunctionResponseTypes ?? []).includes(
      '"ReportBatchItemFailures"',
    ),
  };
}

/** Lambda's defaults are 2 and 200. */
function provisionedIn(value: unknown): PlannedSource['provisioned'] {
  if (value === undefined) return null;
  const { MinimumPollers, MaximumPollers } = objectIn(value);
  return {
    minimum: numberIn(MinimumPollers, { unset: 2, unknown: 2 }),
    maximum: numberIn(MaximumPollers, { unset: 200, unknown: 200 }),
  };
}
