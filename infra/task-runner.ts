import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import type { ITableV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ConfigurationError } from '../sdk/errors/index.ts';
import type { QueueTopology, Topology } from '../sdk/index.ts';
import { encryptionKey } from './encryption-key.ts';
import { checkedFile } from './functions/bundling.ts';
import { Consumer } from './functions/consumer.ts';
import type { TaskFunction } from './functions/task-function.ts';
import { Permissions } from './permissions/permissions.ts';
import { TaskQueue } from './queues/task-queue.ts';
import { resultsTable } from './results-table.ts';
import { Scheduler } from './schedules/scheduler.ts';
import type { Shared } from './shared.ts';
import type { TaskRunnerProps } from './task-runner-props.ts';

/**
 * Everything that an app needs on AWS, built from its topology: the description that the local cloud uses too.
 *
 * @example
 * ```ts
 * import { App, Stack } from 'aws-cdk-lib';
 * import { Tallo } from 'tallo';
 * import { TaskRunner } from 'tallo/infra';
 *
 * const app = new Tallo('store', { queues: { emails: { concurrency: 10 } } });
 *
 * // `entry` is the file that exports the app; a real one says `new App()` and deploys.
 * const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Store');
 * const tasks = new TaskRunner(stack, 'Tasks', { app, entry: 'examples/app.ts' });
 * console.log(tasks.queue('emails').deadLetterQueue.node.path); // Store/Tasks/emails/DeadLetters
 * ```
 */
export class TaskRunner extends Construct {
  /** What it is built from. */
  readonly topology: Topology;
  /** Results, joins, limits. */
  readonly table: ITableV2 | TableV2;
  /** The group of schedules, their role, beat's schedules. */
  readonly scheduler: Scheduler;
  /** The function that sends what is due by a schedule. */
  readonly beat: TaskFunction;
  /** The functions of the queues that run on Lambda, by the app's names. */
  readonly consumers: ReadonlyMap<string, Consumer>;
  readonly encryptionKey: IKey | undefined;
  readonly #queues: ReadonlyMap<string, TaskQueue>;

  /** @throws ConfigurationError (CONFIGURATION) for settings of a queue that the app does not have. */
  constructor(scope: Construct, id: string, props: TaskRunnerProps) {
    super(scope, id);
    this.topology = props.app.topology({ stage: props.stage ?? null });
    refuseForeignQueues(this.topology, props);
    const { removalPolicy = RemovalPolicy.RETAIN, encryptionKey: wanted } = props;
    this.encryptionKey = encryptionKey(this, { wanted, app: this.topology.app, removalPolicy });
    const shared = this.#shared(props);
    this.table = resultsTable(this, this.topology.tableName, { shared, settings: props.table ?? {} });
    this.#queues = new Map(
      this.topology.queues.map((topology) => [
        topology.name,
        new TaskQueue(this, topology.name, { topology, shared }),
      ]),
    );
    const queues = [...this.#queues.values()];
    this.scheduler = new Scheduler(this, 'Scheduler', {
      topology: this.topology,
      shared,
      queues,
      isPaused: props.beat === 'paused',
    });
    this.beat = this.scheduler.beat;
    this.consumers = new Map(
      queues
        .filter((queue) => queue.topology.runOn === 'lambda')
        .map((queue) => [queue.topology.name, this.#consumer(queue, { props, shared })]),
    );
    for (const worker of [this.beat, ...[...this.consumers.values()].map((consumer) => consumer.worker)]) {
      this.#work(worker);
    }
  }

  /**
   * A queue of the app.
   *
   * @throws ConfigurationError (CONFIGURATION) if the app has none of that name.
   */
  queue(name: string): TaskQueue {
    const queue = this.#queues.get(name);
    if (queue) return queue;
    throw new ConfigurationError(
      `Expected a queue of app '${this.topology.app}', one of ${[...this.#queues.keys()].join(', ')}, got '${name}'.`,
    );
  }

  /** What a back end's environment must hold, so that the SDK finds this deployment: `connect` sets it on a function. */
  get environment(): Readonly<Record<string, string>> {
    const { stage } = this.topology;
    return {
      ...(stage !== null && { TALLO_STAGE: stage }),
      TALLO_QUEUE_URLS: `https://sqs.${Aws.REGION}.${Aws.URL_SUFFIX}/${Aws.ACCOUNT_ID}`,
    };
  }

  /** Lets it call tasks: `delay`, `applyAsync`, workflows, revoking. */
  grantSend(grantee: IGrantable): void {
    this.#permissions.toSend(grantee);
  }

  /** Lets it read results: `AsyncResult`. */
  grantRead(grantee: IGrantable): void {
    this.#permissions.toRead(grantee);
  }

  /** Lets it make and change entries of beat at run time: `app.schedules`. */
  grantSchedules(grantee: IGrantable): void {
    this.#permissions.toSchedule(grantee);
  }

  /** Lets a function of yours call tasks and read results, and tells it where they are. */
  connect(fn: LambdaFunction): void {
    this.grantSend(fn);
    this.grantRead(fn);
    for (const [name, value] of Object.entries(this.environment)) fn.addEnvironment(name, value);
  }

  get #permissions(): Permissions {
    const { table, scheduler, topology } = this;
    const resources = {
      lanes: [...this.#queues.values()].flatMap(({ lanes }) => lanes.map(({ queue }) => queue.queueArn)),
      table: table.tableArn,
      scheduleGroup: scheduler.group.scheduleGroupArn,
      scheduleGroupName: topology.scheduleGroup,
      schedules: scheduler.allSchedules,
      schedulerRole: scheduler.role.roleArn,
    };
    return new Permissions(resources, this.encryptionKey);
  }

  #work({ role, function: fn }: TaskFunction): void {
    this.#permissions.toWork(role);
    for (const [name, value] of Object.entries(this.environment)) fn.addEnvironment(name, value);
  }

  #consumer(
    queue: TaskQueue,
    { props, shared }: { readonly props: TaskRunnerProps; readonly shared: Shared },
  ): Consumer {
    const { name } = queue.topology;
    const settings = props.queues?.[name] ?? {};
    const file = props.consumerEntry && checkedFile(props.consumerEntry);
    const consumer = new Consumer(queue, 'Consumer', { queue, shared, settings, file });
    this.#permissions.toBury(consumer.worker.role, queue);
    return consumer;
  }

  #shared({ entry, removalPolicy, logRetention, functions }: TaskRunnerProps): Shared {
    return {
      appFile: checkedFile(entry),
      removalPolicy: removalPolicy ?? RemovalPolicy.RETAIN,
      logRetention: logRetention ?? RetentionDays.ONE_MONTH,
      encryptionKey: this.encryptionKey,
      functions: functions ?? {},
    };
  }
}

function refuseForeignQueues({ app, queues }: Topology, props: TaskRunnerProps): void {
  const known = queues.map(({ name }: QueueTopology) => name);
  const foreign = Object.keys(props.queues ?? {}).find((name) => !known.includes(name));
  if (foreign === undefined) return;
  throw new ConfigurationError(
    `Expected settings for queues of app '${app}', which are ${known.join(', ')}, got '${foreign}'.`,
  );
}
