import { Duration } from 'aws-cdk-lib';
import { AdjustmentType, MetricAggregationType } from 'aws-cdk-lib/aws-applicationautoscaling';
import { MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { BaseService } from 'aws-cdk-lib/aws-ecs';
import { QueueProcessingFargateService } from 'aws-cdk-lib/aws-ecs-patterns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/** SQS tells CloudWatch so often how much it holds. */
const everyMinute = { period: Duration.minutes(1), statistic: Stats.MAXIMUM };

/** So long a queue is empty, and nothing runs, before the last container goes: the next call may find it still there. */
const restMinutes = 5;

/**
 * The pattern of the CDK, with another way to count containers. The pattern adds and takes away some by what is visible in the queue. With
 * tasks that run for hours this goes wrong: what runs is not visible, so that the number falls while containers work. Without protection they
 * are stopped; with it, ECS has more of them than are wanted, starts none for a message that comes, and refuses to protect another one
 * (`DEPLOYMENT_BLOCKED`). Here the number follows from what waits and what runs together, whatever it was before: what is at work is always
 * part of it, and to be told the same again changes nothing. A container that works is protected by its worker, so that of too many those go
 * that have nothing to do. The template has no number, and a deployment leaves what is there.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html
 */
export class QueueContainers extends QueueProcessingFargateService {
  protected override configureAutoscalingForService(service: BaseService): void {
    const { minCapacity, maxCapacity, scalingSteps } = this;
    const count = service.autoScaleTaskCount({ minCapacity, maxCapacity });
    const metric = backlogOf(this.sqsQueue);
    count.scaleOnMetric('Work', {
      metric,
      scalingSteps,
      adjustmentType: AdjustmentType.EXACT_CAPACITY,
      metricAggregationType: MetricAggregationType.MAXIMUM,
      evaluationPeriods: 1,
      cooldown: Duration.minutes(1),
    });
    count.scaleOnMetric('Rest', {
      metric,
      // Down to the least that there may be.
      scalingSteps: [
        { upper: 0, change: -maxCapacity },
        { lower: 1, change: 0 },
      ],
      adjustmentType: AdjustmentType.CHANGE_IN_CAPACITY,
      metricAggregationType: MetricAggregationType.MAXIMUM,
      evaluationPeriods: restMinutes,
      cooldown: Duration.minutes(1),
    });
  }
}

/** Messages that wait, and those that a worker holds. SQS says nothing of the latter while there are none. */
function backlogOf(queue: IQueue): MathExpression {
  return new MathExpression({
    label: 'Messages that wait or run',
    expression: 'waiting + FILL(running, 0)',
    usingMetrics: {
      waiting: queue.metricApproximateNumberOfMessagesVisible(everyMinute),
      running: queue.metricApproximateNumberOfMessagesNotVisible(everyMinute),
    },
    period: everyMinute.period,
  });
}
