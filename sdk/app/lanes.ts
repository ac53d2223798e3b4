import { ConfigurationError } from '../errors/tallo-error.ts';
import { isProcess } from './run-on.ts';
import type { QueueTopology } from './topology.ts';

/** One lane of a queue: an SQS queue with an event source of its own, for the calls of some priorities. */
export interface LaneTopology {
  readonly name: 'urgent' | 'normal' | 'low';
  /** Its name in the cloud; that of the normal lane is the queue's own. */
  readonly queueName: string;
  /** The least of its priorities. */
  readonly least: number;
  /** The most urgent of its priorities. */
  readonly most: number;
  /** `MaximumConcurrency` of its event source; null: none. */
  readonly concurrency: number | null;
}

/** The lanes of a queue, the most urgent first. */
export type Lanes = readonly [LaneTopology, ...LaneTopology[]];

type Shape = readonly [Priorities, ...Priorities[]];
type Priorities = Pick<LaneTopology, 'name' | 'least' | 'most'>;

const shapes: Readonly<Record<1 | 2 | 3, Shape>> = {
  1: [{ name: 'normal', least: 0, most: 9 }],
  2: [
    { name: 'urgent', least: 7, most: 9 },
    { name: 'normal', least: 0, most: 6 },
  ],
  3: [
    { name: 'urgent', least: 7, most: 9 },
    { name: 'normal', least: 4, most: 6 },
    { name: 'low', least: 0, most: 3 },
  ],
};

/** Lambda's least `MaximumConcurrency`. */
const leastConcurrency = 2;

/** What the lanes of a queue are made from. */
export type LaneParts = Pick<QueueTopology, 'name' | 'queueName' | 'concurrency' | 'runOn'> & {
  readonly lanes: unknown;
};

/** @throws ConfigurationError for another number of lanes, or one that the queue cannot have. */
export function lanesOf({ name, queueName, concurrency, runOn, lanes }: LaneParts): Lanes {
  if (lanes !== 1 && lanes !== 2 && lanes !== 3) {
    throw new ConfigurationError(
      `Queue '${name}': expected lanes to be 1, 2 or 3, got ${JSON.stringify(lanes)}.`,
    );
  }
  if (lanes > 1 && runOn === 'celery') {
    throw new ConfigurationError(
      `Queue '${name}': expected no lanes on a queue with runOn: 'celery', got ${lanes}. A worker in Python knows none: give urgent calls a queue of their own.`,
    );
  }
  if (lanes > 1 && runOn === 'fargate') {
    throw new ConfigurationError(
      `Queue '${name}': expected no lanes on a queue with runOn: 'fargate', got ${lanes}. A container works long at each task: give urgent calls a queue of their own.`,
    );
  }
  const share = shareOf({ name, concurrency, lanes, runOn });
  const [first, ...others] = shapes[lanes];
  const lane = (priorities: Priorities, own: number | null): LaneTopology => ({
    ...priorities,
    queueName: priorities.name === 'normal' ? queueName : `${queueName}-${priorities.name}`,
    concurrency: own,
  });
  // The most urgent lane has what cannot be shared evenly.
  const most = concurrency === null || share === null ? null : concurrency - share * others.length;
  return [lane(first, most), ...others.map((priorities) => lane(priorities, share))];
}

function shareOf({
  name,
  concurrency,
  lanes,
  runOn,
}: Omit<LaneParts, 'queueName'> & { readonly lanes: number }): number | null {
  if (concurrency === null) return null;
  const least = isProcess(runOn) ? 1 : leastConcurrency;
  const share = Math.floor(concurrency / lanes);
  if (share >= least) return share;
  throw new ConfigurationError(
    `Queue '${name}': expected concurrency to be at least ${least * lanes}, ${least} for each of its ${lanes} lanes, got ${concurrency}.`,
  );
}

/** The lane of calls of that priority. Python's may lie outside of 0 to 9. */
export function laneFor({ lanes }: Pick<QueueTopology, 'lanes'>, priority: number): LaneTopology {
  return lanes.find(({ least }) => priority >= least) ?? lanes.at(-1) ?? lanes[0];
}

/** A queue as the event sources of its lanes see it: one of them each, with its share of the concurrency. */
export function lanesAsQueues(queue: QueueTopology): readonly QueueTopology[] {
  return queue.lanes.map(({ queueName, concurrency }) => ({ ...queue, queueName, concurrency }));
}

/** A lane, and the queue that it belongs to. */
export interface PlacedLane {
  readonly queue: QueueTopology;
  readonly lane: LaneTopology;
}

/** Finds a lane by its name in the cloud. */
export function laneNamed(queues: readonly QueueTopology[], queueName: string): PlacedLane | undefined {
  for (const queue of queues) {
    const lane = queue.lanes.find((candidate) => candidate.queueName === queueName);
    if (lane) return { queue, lane };
  }
  return undefined;
}
