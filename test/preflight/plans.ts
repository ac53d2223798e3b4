import { type AppOptions, Tallo } from 'tallo';
import type {
  Plan,
  PlannedContainers,
  PlannedDeadLetters,
  PlannedFunction,
  PlannedLane,
  PlannedQueue,
  PlannedSource,
} from '../../preflight/plan/plan.ts';
import { type PlanOptions, planOf } from '../../preflight/plan/plan-of.ts';
import { type PreflightOptions, preflight } from '../../preflight/preflight.ts';
import { writeReport } from '../../preflight/report.ts';

/** A Monday. */
export const now = new Date('2026-11-02T00:00:00Z');

type Define = (app: Tallo) => void;

/** The plan of an app named `store`. It has one task, unless the test defines others. */
export function planned(options: AppOptions = {}, define: Define = oneTask, where: PlanOptions = {}): Plan {
  const app = new Tallo('store', options);
  define(app);
  return planOf(app, { now, ...where });
}

function oneTask(app: Tallo): void {
  app.task('hello', () => 'hello');
}

/** What may be changed of each queue in a plan, as an escape hatch of the CDK may. */
export interface Changes {
  readonly queue?: Partial<PlannedQueue>;
  readonly lane?: Partial<PlannedLane>;
  readonly source?: Partial<PlannedSource>;
  readonly function?: Partial<PlannedFunction>;
  readonly deadLetters?: Partial<PlannedDeadLetters>;
  readonly containers?: Partial<PlannedContainers>;
}

/** A plan after that. */
export function changed(plan: Plan, changes: Changes): Plan {
  return { ...plan, queues: plan.queues.map((queue) => changedQueue(queue, changes)) };
}

function changedQueue(queue: PlannedQueue, { lane, source, ...changes }: Changes): PlannedQueue {
  return {
    ...queue,
    lanes: queue.lanes.map((one) => ({
      ...one,
      ...lane,
      source: one.source && { ...one.source, ...source },
    })),
    deadLetters: queue.deadLetters && { ...queue.deadLetters, ...changes.deadLetters },
    function: queue.function && { ...queue.function, ...changes.function },
    containers: queue.containers && { ...queue.containers, ...changes.containers },
    ...changes.queue,
  };
}

/** What preflight finds in a plan: the report without its first and its last line. */
export function found(plan: Plan, options: PreflightOptions = {}): string {
  return writeReport(preflight(plan, options)).split('\n\n').slice(1, -1).join('\n\n');
}
