import { Aws } from 'aws-cdk-lib';
import type { Alarm, Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITableV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable, Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ConfigurationError } from '../sdk/errors/index.ts';
import type { Topology } from '../sdk/index.ts';
import { Deployments } from './deployment/deployments.ts';
import { encryptionKey } from './encryption-key.ts';
import { checkedFile } from './functions/bundling.ts';
import { Consumer } from './functions/consumer.ts';
import type { TaskFunction } from './functions/task-function.ts';
import type { LongTaskService } from './long-tasks/long-task-service.ts';
import { type LongTasks, longTasksOf } from './long-tasks/long-tasks.ts';
import { monitor } from './monitoring/monitoring.ts';
import { payloadBucket, payloadResources } from './payload-bucket.ts';
import { Permissions } from './permissions/permissions.ts';
import { preflightAtSynth } from './preflight/preflight-at-synth.ts';
import { partOf, TaskQueue } from './queues/task-queue.ts';
import { refuseForeignQueues } from './refuse-foreign-queues.ts';
import { refuseMissingPackages } from './refuse-missing-packages.ts';
import { refuseSecondRunner } from './refuse-second-runner.ts';
import { resultsTable } from './results-table.ts';
import { Scheduler } from './schedules/scheduler.ts';
import { type Shared, sharedBy, usualRemovalPolicy } from './shared.ts';
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
  /** The containers of the queues that run on Fargate; undefined: no queue does, and there is no network for it. */
  readonly longTasks: LongTasks | undefined;
  readonly encryptionKey: IKey | undefined;
  /** The bucket of calls that are too large for SQS; undefined: the app has none. */
  readonly payloadBucket: IBucket | Bucket | undefined;
  /** What shifts calls to new versions of the functions; undefined: they take over at once. */
  readonly deployments: Deployments | undefined;
  readonly alarms: readonly Alarm[];
  readonly dashboard: Dashboard | undefined;
  readonly #queues: ReadonlyMap<string, TaskQueue>;

  /** @throws ConfigurationError (CONFIGURATION) for a queue or file that is not there, or a second runner; MissingDependencyError if bundling needs a package. */
  constructor(scope: Construct, id: string, props: TaskRunnerProps) {
    super(scope, id);
    this.topology = props.app.topology({ stage: props.stage ?? null });
    refuseForeignQueues(this.topology, props);
    refuseSecondRunner(this, this.topology);
    refuseMissingPackages(this, props);
    const { removalPolicy = usualRemovalPolicy, encryptionKey: wanted } = props;
    this.encryptionKey = encryptionKey(this, { wanted, app: this.topology.app, removalPolicy });
    const shared = sharedBy(props, this.encryptionKey);
    this.table = resultsTable(this, this.topology.tableName, { shared, settings: props.table ?? {} });
    this.#queues = new Map(
      this.topology.queues.map((topology) => [
        topology.name,
        new TaskQueue(this, partOf(topology), { topology, shared }),
      ]),
    );
    const queues = [...this.#queues.values()];
    const { topology } = this;
    this.payloadBucket = payloadBucket(this, { topology, shared, settings: props.payloadBucket });
    this.deployments =
      props.deployment && new Deployments(this, 'Deployment', { topology, settings: props.deployment });
    this.scheduler = new Scheduler(this, 'Scheduler', {
      topology,
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
      this.#work(worker.role, worker.function);
    }
    this.longTasks = longTasksOf(this, { queues, shared, settings: props });
    for (const service of this.longTasks?.services.values() ?? []) this.#employ(service);
    const { alarms, dashboard } = monitor(this, { parts: this, queues, props });
    this.alarms = alarms;
    this.dashboard = dashboard;
    preflightAtSynth(this, { parts: this, queues, props });
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
      ...(this.payloadBucket && { TALLO_PAYLOAD_BUCKET: this.payloadBucket.bucketName }),
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
      schedules: scheduler.allSchedules,
      schedulerRole: scheduler.role.roleArn,
      payloads: payloadResources(this.payloadBucket, topology),
    };
    return new Permissions(resources, this.encryptionKey);
  }

  #work(role: Role, worker: { addEnvironment(name: string, value: string): unknown }): void {
    this.#permissions.toWork(role);
    for (const [name, value] of Object.entries(this.environment)) worker.addEnvironment(name, value);
  }

  #employ({ queue, role, container }: LongTaskService): void {
    this.#work(role, container);
    this.#permissions.toBury(role, queue);
  }

  #consumer(
    queue: TaskQueue,
    { props, shared }: { readonly props: TaskRunnerProps; readonly shared: Shared },
  ): Consumer {
    const { name } = queue.topology;
    const settings = props.queues?.[name] ?? {};
    const file = props.consumerEntry && checkedFile('consumerEntry', props.consumerEntry);
    const consumer = new Consumer(queue, 'Consumer', {
      queue,
      shared,
      settings,
      file,
      deployments: this.deployments,
    });
    this.#permissions.toBury(consumer.worker.role, queue);
    return consumer;
  }
}
