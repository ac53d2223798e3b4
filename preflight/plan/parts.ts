import type { Plan, PlannedFunction, PlannedLane, PlannedQueue, PlannedSource } from './plan.ts';

/** A lane, and where it is, in words. */
export interface LaneInPlan {
  readonly queue: PlannedQueue;
  readonly lane: PlannedLane;
  readonly where: string;
}

/** A lane that a function polls. */
export interface SourceInPlan extends LaneInPlan {
  readonly source: PlannedSource;
  readonly function: PlannedFunction;
}

/** Every SQS queue that tasks wait in. */
export function lanesIn({ queues }: Pick<Plan, 'queues'>): readonly LaneInPlan[] {
  return queues.flatMap((queue) => queue.lanes.map((lane) => ({ queue, lane, where: whereOf(queue, lane) })));
}

function whereOf({ name, lanes }: PlannedQueue, lane: PlannedLane): string {
  return lanes.length === 1 ? `queue '${name}'` : `queue '${name}', lane '${lane.name}'`;
}

/** Those that are polled for a function. */
export function sourcesIn(plan: Pick<Plan, 'queues'>): readonly SourceInPlan[] {
  return lanesIn(plan).flatMap((placed) => {
    const { queue, lane } = placed;
    return lane.source && queue.function
      ? [{ ...placed, source: lane.source, function: queue.function }]
      : [];
  });
}

/** A queue that a function serves. */
export interface FunctionInPlan {
  readonly queue: PlannedQueue;
  readonly function: PlannedFunction;
  readonly where: string;
}

/** Every function that serves a queue. */
export function functionsIn({ queues }: Pick<Plan, 'queues'>): readonly FunctionInPlan[] {
  return queues.flatMap((queue) =>
    queue.function
      ? [{ queue, function: queue.function, where: `the function of queue '${queue.name}'` }]
      : [],
  );
}

/** The queue of that name. */
export function queueIn({ queues }: Pick<Plan, 'queues'>, name: string | null): PlannedQueue | undefined {
  return queues.find((queue) => queue.name === name);
}

/** How many batches of a lane may be in work at once; null: as many as Lambda likes. */
export function mostBatches(
  { maximumConcurrency, provisioned }: PlannedSource,
  perPoller: number,
): number | null {
  return provisioned ? provisioned.maximum * perPoller : maximumConcurrency;
}
