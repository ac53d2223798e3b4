import { MathExpression, type Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';

/** A metric of one lane. */
export interface LaneMetric {
  /** Of its SQS queue. */
  readonly name: string;
  readonly metric: Metric;
}

/** How the metrics of lanes become one. */
export type Together = 'SUM' | 'MAX';

/** One metric of all lanes of a queue. */
export function ofLanes(
  [first, ...others]: readonly [LaneMetric, ...LaneMetric[]],
  together: Together,
  { label, color, period }: MetricOptions,
): Metric | MathExpression {
  if (others.length === 0) return first.metric;
  const lanes = [first, ...others].map(
    ({ name, metric }) => [idOf(metric.metricName, name), metric] as const,
  );
  return new MathExpression({
    // A lane that nothing was in for a while has no data: it would take the others with it.
    expression: `${together}([${lanes.map(([id]) => `FILL(${id}, 0)`).join(', ')}])`,
    usingMetrics: Object.fromEntries(lanes),
    label: label ?? first.metric.metricName,
    ...(color !== undefined && { color }),
    ...(period !== undefined && { period }),
  });
}

/** Unlike that of any other metric in the same graph. */
function idOf(metricName: string, queueName: string): string {
  return `m_${metricName}_${queueName}`.replace(/[^A-Za-z0-9_]/g, (mark) => `_${mark.charCodeAt(0)}_`);
}
