import { Duration } from 'aws-cdk-lib';
import type { MathExpression, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { LaneTopology, QueueTopology } from '../../sdk/index.ts';
import { acknowledge } from '../acknowledge.ts';
import { ofLanes, type Together } from '../monitoring/queue-metrics.ts';
import type { Shared } from '../shared.ts';

/** One SQS queue of a queue of the app. */
export interface Lane {
  readonly topology: LaneTopology;
  readonly queue: Queue;
}

/**
 * A queue of the app: its SQS queues, one per lane, and the queue that all of them bury in.
 *
 * @example
 * ```ts
 * import { App, Stack } from 'aws-cdk-lib';
 * import { Tallo } from 'tallo';
 * import { TaskRunner } from 'tallo/infra';
 *
 * const app = new Tallo('store', { queues: { emails: { lanes: 2 } } });
 * const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Store');
 * const tasks = new TaskRunner(stack, 'Tasks', { app, entry: 'examples/app.ts' });
 *
 * const { lanes } = tasks.queue('emails');
 * console.log(lanes.map(({ topology }) => topology.name).join(' and ')); // urgent and normal
 * ```
 */
export class TaskQueue extends Construct {
  readonly topology: QueueTopology;
  /** The most urgent first. */
  readonly lanes: readonly [Lane, ...Lane[]];
  readonly deadLetterQueue: Queue;

  constructor(
    scope: Construct,
    id: string,
    { topology, shared }: { readonly topology: QueueTopology; readonly shared: Shared },
  ) {
    super(scope, id);
    this.topology = topology;
    this.deadLetterQueue = lastStop(this, 'DeadLetters', {
      queueName: topology.deadLetterQueueName,
      retentionSeconds: topology.deadLetterRetentionSeconds,
      shared,
    });
    const laneOf = (lane: LaneTopology): Lane => ({ topology: lane, queue: this.#lane(lane, shared) });
    const [first, ...others] = topology.lanes;
    this.lanes = [laneOf(first), ...others.map(laneOf)];
  }

  /** How many calls wait for a worker, in all lanes. @default the most in 5 minutes */
  metricDepth(props: MetricOptions = {}): Metric | MathExpression {
    return this.#ofLanes(
      (queue, options) => queue.metricApproximateNumberOfMessagesVisible(options),
      'SUM',
      props,
    );
  }

  /** How many calls workers are at, in all lanes. @default the most in 5 minutes */
  metricInFlight(props: MetricOptions = {}): Metric | MathExpression {
    return this.#ofLanes(
      (queue, options) => queue.metricApproximateNumberOfMessagesNotVisible(options),
      'SUM',
      props,
    );
  }

  /** How many calls and retries wait for their time, in all lanes. @default the most in 5 minutes */
  metricDelayed(props: MetricOptions = {}): Metric | MathExpression {
    return this.#ofLanes(
      (queue, options) => queue.metricApproximateNumberOfMessagesDelayed(options),
      'SUM',
      props,
    );
  }

  /** How long the oldest call of all lanes has been on its way, seconds. @default the most in 5 minutes */
  metricOldestMessage(props: MetricOptions = {}): Metric | MathExpression {
    return this.#ofLanes(
      (queue, options) => queue.metricApproximateAgeOfOldestMessage(options),
      'MAX',
      props,
    );
  }

  /** How many dead letters there are. @default the most in 5 minutes */
  metricDeadLetters(props: MetricOptions = {}): Metric {
    return this.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', ...props });
  }

  #ofLanes(
    metricOf: (queue: Queue, options: MetricOptions) => Metric,
    together: Together,
    props: MetricOptions,
  ): Metric | MathExpression {
    const metric = ({ queue, topology: { queueName } }: Lane) => ({
      name: queueName,
      metric: metricOf(queue, { statistic: 'Maximum', ...props }),
    });
    const [first, ...others] = this.lanes;
    return ofLanes([metric(first), ...others.map(metric)], together, props);
  }

  #lane({ name, queueName }: LaneTopology, shared: Shared): Queue {
    const { visibilitySeconds, retentionSeconds, receiveWaitSeconds, maxReceives } = this.topology;
    return new Queue(this, titled(name), {
      ...protection(shared),
      queueName,
      visibilityTimeout: Duration.seconds(visibilitySeconds),
      retentionPeriod: Duration.seconds(retentionSeconds),
      receiveMessageWaitTime: Duration.seconds(receiveWaitSeconds),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: maxReceives },
    });
  }
}

/** How a queue is called in the tree of constructs. The other parts there begin with a capital: a queue that does too has a dot, as no name has. */
export function partOf({ name }: Pick<QueueTopology, 'name'>): string {
  return /^[A-Z]/.test(name) ? `${name}.` : name;
}

/** A queue from which nothing goes further by itself. */
export function lastStop(
  scope: Construct,
  id: string,
  { queueName, retentionSeconds, shared }: LastStopProps,
): Queue {
  const queue = new Queue(scope, id, {
    ...protection(shared),
    queueName,
    retentionPeriod: Duration.seconds(retentionSeconds),
  });
  acknowledge(queue, {
    'Serverless-SQSRedrivePolicy': 'It is a dead-letter queue itself: what lies there waits for a person.',
  });
  return queue;
}

/** What {@link lastStop} is given. */
interface LastStopProps {
  readonly queueName: string;
  readonly retentionSeconds: number;
  readonly shared: Shared;
}

function protection({ encryptionKey, removalPolicy }: Shared): QueueProps {
  return {
    enforceSSL: true,
    removalPolicy,
    ...(encryptionKey
      ? { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }
      : { encryption: QueueEncryption.SQS_MANAGED }),
  };
}

function titled(name: string): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}
