import { refuseUnknown } from '../errors/refuse-unknown.ts';
import { ConfigurationError } from '../errors/tallo-error.ts';
import { type Duration, toSeconds } from '../time/duration.ts';
import { containerSize } from './container-size.ts';
import { lanesOf } from './lanes.ts';
import type { QueueOptions } from './options.ts';
import { isProcess, type RunOn, readRunOn } from './run-on.ts';
import { longestRetentionSeconds, type QueueTopology } from './topology.ts';

const queueOptionNames: ReadonlySet<string> = new Set<keyof QueueOptions>([
  'base64',
  'batchSize',
  'batchWindow',
  'concurrency',
  'cpuUnits',
  'lanes',
  'memoryMiB',
  'runOn',
  'timeLimit',
  'visibilityTimeout',
]);

/** Time a worker has, beyond the longest task, to store what happened. */
const graceSeconds = 2;
const longestPollSeconds = 20;

type Range = readonly [number, number];

/** What depends on who runs the tasks. */
interface Rules {
  readonly timeLimit: { readonly usual: Duration; readonly range: Range };
  readonly batchSize: { readonly usual: number; readonly range: Range };
  readonly concurrency: Range;
  readonly memoryMiB: { readonly usual: number; readonly range: Range };
}

/** A function runs for 15 minutes at most. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const ofFunctions: Rules = {
  timeLimit: { usual: '30s', range: [1, 840] },
  batchSize: { usual: 10, range: [1, 10_000] },
  concurrency: [2, 1_000],
  memoryMiB: { usual: 512, range: [128, 10_240] },
};

/** A message can be kept hidden for 12 hours. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html */
const ofProcesses: Rules = {
  timeLimit: { usual: '1h', range: [1, 41_400] },
  batchSize: { usual: 1, range: [1, 100] },
  concurrency: [1, 1_000],
  memoryMiB: { usual: 1_024, range: [512, 122_880] },
};

/** The most containers of a queue that says nothing of it: a service of ECS needs a number. */
const usualContainers = 10;

/** So soon a message comes again whose process was killed: it renews this every third of it. */
const visibilityOfProcesses = '2m';

/** Describes one queue of the app that has that name in the cloud, with every derived number. */
export function queueTopology(place: string, name: string, options: QueueOptions): QueueTopology {
  refuseUnknown(`Queue '${name}'`, options, queueOptionNames);
  const number = reader(name);
  const runOn = readRunOn(name, options.runOn ?? 'lambda');
  const rules = isProcess(runOn) ? ofProcesses : ofFunctions;
  const timeLimitSeconds = number(
    'timeLimit',
    options.timeLimit ?? rules.timeLimit.usual,
    rules.timeLimit.range,
  );
  const timeoutSeconds = Math.ceil(timeLimitSeconds) + graceSeconds;
  const batch = batchOf(options, { name, runOn, rules, number });
  const queueName = `${place}-${name}`;
  const wanted = options.concurrency ?? (runOn === 'fargate' ? usualContainers : undefined);
  const concurrency = wanted === undefined ? null : number('concurrency', wanted, rules.concurrency);
  const memoryMiB = number('memoryMiB', options.memoryMiB ?? rules.memoryMiB.usual, rules.memoryMiB.range);
  return {
    name,
    queueName,
    deadLetterQueueName: `${queueName}-dlq`,
    timeLimitSeconds,
    timeoutSeconds,
    visibilitySeconds: visibilityOf(options, { runOn, timeoutSeconds, ...batch, number }),
    retentionSeconds: longestRetentionSeconds,
    deadLetterRetentionSeconds: longestRetentionSeconds,
    receiveWaitSeconds: longestPollSeconds,
    maxReceives: 100,
    ...batch,
    concurrency,
    lanes: lanesOf({ name, queueName, concurrency, runOn, lanes: options.lanes ?? 1 }),
    memoryMiB,
    cpuUnits: cpuUnitsOf(options, { name, runOn, memoryMiB }),
    base64: options.base64 ?? false,
    runOn,
  };
}

type ReadNumber = ReturnType<typeof reader>;

interface VisibilityParts {
  readonly runOn: RunOn;
  readonly timeoutSeconds: number;
  readonly batchWindowSeconds: number;
  readonly number: ReadNumber;
}

function visibilityOf(
  { visibilityTimeout }: QueueOptions,
  { runOn, timeoutSeconds, batchWindowSeconds, number }: VisibilityParts,
): number {
  if (isProcess(runOn))
    return number('visibilityTimeout', visibilityTimeout ?? visibilityOfProcesses, [30, 43_200]);
  // Messages of a batch that is still collected are hidden already.
  const usual = 6 * timeoutSeconds + batchWindowSeconds;
  return number('visibilityTimeout', visibilityTimeout ?? usual, [timeoutSeconds, 43_200]);
}

interface BatchParts {
  readonly name: string;
  readonly runOn: RunOn;
  readonly rules: Rules;
  readonly number: ReadNumber;
}

function batchOf(
  options: QueueOptions,
  { name, runOn, rules, number }: BatchParts,
): Pick<QueueTopology, 'batchSize' | 'batchWindowSeconds'> {
  const batchSize = number('batchSize', options.batchSize ?? rules.batchSize.usual, rules.batchSize.range);
  const batchWindowSeconds = number('batchWindow', options.batchWindow ?? 0, [0, 300]);
  if (isProcess(runOn)) {
    if (batchWindowSeconds === 0) return { batchSize, batchWindowSeconds };
    throw new ConfigurationError(
      `Queue '${name}': expected no batchWindow on a queue with runOn: '${runOn}', got ${batchWindowSeconds} s. Its messages are begun one by one.`,
    );
  }
  if (batchSize <= 10 || batchWindowSeconds >= 1) return { batchSize, batchWindowSeconds };
  throw new ConfigurationError(
    `Queue '${name}': a batchSize above 10 (got ${batchSize}) needs a batchWindow of at least 1s.`,
  );
}

interface ContainerParts {
  readonly name: string;
  readonly runOn: RunOn;
  readonly memoryMiB: number;
}

function cpuUnitsOf({ cpuUnits }: QueueOptions, { name, runOn, memoryMiB }: ContainerParts): number | null {
  if (runOn === 'fargate') return containerSize(name, memoryMiB, cpuUnits);
  if (cpuUnits === undefined) return null;
  throw new ConfigurationError(
    `Queue '${name}': expected cpuUnits only with runOn: 'fargate', got ${cpuUnits} with '${runOn}'. A function's share of a processor follows from its memoryMiB.`,
  );
}

const inSeconds: ReadonlySet<string> = new Set(['timeLimit', 'visibilityTimeout', 'batchWindow']);

function reader(queue: string) {
  return (option: string, value: Duration, [least, most]: readonly [number, number]): number => {
    const read = toSeconds(value, `${option} of queue '${queue}'`);
    const isWhole = option !== 'timeLimit';
    if (read >= least && read <= most && (!isWhole || Number.isInteger(read))) return read;
    const range = `${isWhole ? 'a whole number ' : ''}from ${least} to ${most}${inSeconds.has(option) ? ' s' : ''}`;
    const isTooLong = option === 'timeLimit' && most === ofFunctions.timeLimit.range[1] && read > most;
    throw new ConfigurationError(
      `Queue '${queue}': expected ${option} to be ${range}, got ${JSON.stringify(value)}.${isTooLong ? " For longer tasks give the queue runOn: 'fargate' or 'server'." : ''}`,
    );
  };
}
