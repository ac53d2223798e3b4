import { Stack } from 'aws-cdk-lib';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { PlannedDeadLetters, PlannedLane, PlannedSource } from '../../preflight/plan/plan.ts';
import { numberIn, numberOrNull, objectIn, type Properties, type Rendered, renderedBy } from './rendered.ts';

/** SQS's own defaults. */
const usual = { visibilitySeconds: 30, retentionSeconds: 345_600 };

/** A lane as its queue and its event source will be. */
export function actualLane(planned: PlannedLane, queue: Queue, resources: readonly Rendered[]): PlannedLane {
  const { VisibilityTimeout, MessageRetentionPeriod, RedrivePolicy } = propertiesOf(queue);
  return {
    ...planned,
    visibilitySeconds: numberIn(VisibilityTimeout, {
      unset: usual.visibilitySeconds,
      unknown: planned.visibilitySeconds,
    }),
    retentionSeconds: retentionIn(MessageRetentionPeriod, planned),
    maxReceives: numberOrNull(objectIn(RedrivePolicy).maxReceiveCount, planned.maxReceives),
    source: planned.source && actualSource(planned.source, sourceOf(queue, resources)),
  };
}

/** A dead-letter queue as it will be. Any alarm of the stack that names it is one. */
export function actualDeadLetters(
  planned: PlannedDeadLetters,
  queue: Queue,
  resources: readonly Rendered[],
): PlannedDeadLetters {
  const name = JSON.stringify(Stack.of(queue).resolve(queue.queueName));
  const alarms = resources.filter(({ type }) => type === 'AWS::CloudWatch::Alarm');
  return {
    ...planned,
    retentionSeconds: retentionIn(propertiesOf(queue).MessageRetentionPeriod, planned),
    hasAlarm: alarms.some(({ properties }) => JSON.stringify(properties).includes(name)),
  };
}

function propertiesOf(queue: Queue): Properties {
  return renderedBy(queue)?.properties ?? {};
}

function retentionIn(
  value: unknown,
  { retentionSeconds: unknown }: { readonly retentionSeconds: number },
): number {
  return numberIn(value, { unset: usual.retentionSeconds, unknown });
}

function sourceOf(queue: Queue, resources: readonly Rendered[]): Properties | undefined {
  const arn = JSON.stringify(Stack.of(queue).resolve(queue.queueArn));
  return resources.find(
    ({ type, properties }) =>
      type === 'AWS::Lambda::EventSourceMapping' && JSON.stringify(properties.EventSourceArn) === arn,
  )?.properties;
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
