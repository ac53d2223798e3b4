import { ConfigurationError } from '../errors/index.ts';
import { refuseUnknown } from '../errors/refuse-unknown.ts';
import { toMilliseconds } from '../time/duration.ts';
import type { AppOptions, TaskDefaults } from './options.ts';
import { payloadTopology } from './payload-topology.ts';
import { checkQueueNames } from './queue-names.ts';
import { queueTopology } from './queue-topology.ts';
import { refuseFifo } from './refuse-fifo.ts';
import { compileRoutes, type Router, type Routes } from './routes.ts';
import { deploymentOf, type Stage } from './stage.ts';
import { type AppTopology, appTopology, type QueueTopology } from './topology.ts';

/** An app's options, checked, with every default filled in. */
export interface Settings {
  /** Without the schedules, which are told to the app later. */
  readonly topology: AppTopology;
  readonly queues: ReadonlyMap<string, QueueTopology>;
  readonly defaultQueue: string;
  /** As the app gave them, to be told to other programs; `route` decides. */
  readonly routes: Routes;
  readonly route: Router;
  readonly resultExpiresMs: number;
  readonly resultExtended: boolean;
  readonly timezone: string;
  readonly taskDefaults: TaskDefaults;
  readonly taskAllowErrorCbOnChordHeader: boolean;
  readonly taskAlwaysEager: boolean;
  readonly taskEagerPropagates: boolean;
}

const optionNames: ReadonlySet<string> = new Set<keyof AppOptions>([
  'defaultQueue',
  'payloadBucket',
  'queues',
  'resultExpires',
  'resultExtended',
  'routes',
  'taskAllowErrorCbOnChordHeader',
  'taskAlwaysEager',
  'taskDefaults',
  'taskEagerPropagates',
  'timezone',
]);

const taskDefaultNames: ReadonlySet<string> = new Set<keyof TaskDefaults>([
  'defaultRetryDelay',
  'ignoreResult',
  'maxRetries',
  'softTimeLimit',
  'storeErrorsEvenIfIgnored',
  'timeLimit',
  'trackStarted',
]);

/** Together they must fit into 80 characters, with what is put behind them. */
const namePattern = /^[A-Za-z0-9_-]{1,38}$/;

/** @throws ConfigurationError that names the option, what was expected and what came. */
export function readOptions(app: string, options: AppOptions, stage: Stage): Settings {
  checkName('the app', app);
  const deployment = deploymentOf(app, stage);
  refuseUnknown(`App '${app}'`, options, optionNames);
  refuseUnknown("The app's taskDefaults", options.taskDefaults ?? {}, taskDefaultNames);
  if (Array.isArray(options.queues)) {
    throw new ConfigurationError(
      `App '${app}': expected queues to be an object such as { emails: {} }, got a list.`,
    );
  }
  const { defaultQueue = 'default', timezone = 'UTC' } = options;
  const named = { [defaultQueue]: {}, ...options.queues };
  const queues = Object.entries(named).map(([name, queueOptions]) => {
    refuseFifo('every queue', name);
    checkName('a queue', name);
    return queueTopology(deployment.place, name, queueOptions);
  });
  const topology = appTopology(deployment, queues, payloadTopology(app, options.payloadBucket));
  checkQueueNames(topology);
  checkTimezone(timezone);
  return {
    topology,
    queues: new Map(queues.map((queue) => [queue.name, queue])),
    defaultQueue,
    routes: options.routes ?? {},
    route: compileRoutes(options.routes),
    resultExpiresMs: positive(
      'resultExpires',
      toMilliseconds(options.resultExpires ?? '1d', 'resultExpires'),
    ),
    resultExtended: options.resultExtended ?? false,
    timezone,
    taskDefaults: options.taskDefaults ?? {},
    taskAllowErrorCbOnChordHeader: options.taskAllowErrorCbOnChordHeader ?? false,
    taskAlwaysEager: options.taskAlwaysEager ?? false,
    taskEagerPropagates: options.taskEagerPropagates ?? false,
  };
}

function positive(option: string, milliseconds: number): number {
  if (milliseconds > 0) return milliseconds;
  throw new ConfigurationError(
    `Expected ${option} to be longer than nothing: a result that is gone at once cannot be read.`,
  );
}

function checkName(what: string, name: string): void {
  if (typeof name === 'string' && namePattern.test(name)) return;
  throw new ConfigurationError(
    `Expected the name of ${what} to be 1 to 38 letters, digits, '-' or '_', got '${name}'.`,
  );
}

function checkTimezone(timezone: string): void {
  // The first formatter of a process loads the data of all zones, and most apps use none but this.
  if (timezone === 'UTC') return;
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
  } catch (cause) {
    throw new ConfigurationError(
      `Expected timezone to be an IANA name such as 'America/Mexico_City', got '${timezone}'.`,
      { cause },
    );
  }
}
