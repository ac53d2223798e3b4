import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Plan, PlannedQueue, PlannedTable } from '../../preflight/plan/plan.ts';
import type { TaskQueue } from '../queues/task-queue.ts';
import { actualContainers } from './actual-containers.ts';
import { actualFunction } from './actual-function.ts';
import { actualPayloads } from './actual-payloads.ts';
import { actualDeadLetters, actualLane } from './actual-queue.ts';
import { objectIn, type Properties, renderedBy, renderedIn } from './rendered.ts';

/** The constructs of a deployment, whose numbers may have been changed by hand. */
export interface DeployedParts {
  readonly queues: readonly TaskQueue[];
  /** What the functions of queues lie in, by the app's names of the queues. */
  readonly consumers: ReadonlyMap<string, IConstruct>;
  /** The same of containers; undefined: no queue has any. */
  readonly longTasks: { readonly services: ReadonlyMap<string, IConstruct> } | undefined;
  readonly table: IConstruct;
  /** undefined: the app has none. */
  readonly payloadBucket: IConstruct | undefined;
}

/** A plan with the numbers that the template has: what an app wants, and what becomes of it when everything is built. */
export function actualPlan(scope: IConstruct, plan: Plan, parts: DeployedParts): Plan {
  // Alarms may have been added anywhere.
  const stack = Stack.of(scope);
  const resources = {
    sources: renderedIn(stack, 'AWS::Lambda::EventSourceMapping'),
    alarms: renderedIn(stack, 'AWS::CloudWatch::Alarm'),
  };
  return {
    ...plan,
    queues: plan.queues.map((planned) => actualQueue(planned, parts, resources)),
    table: actualTable(plan.table, parts.table),
    payloads: actualPayloads(plan.payloads, parts.payloadBucket),
  };
}

function actualQueue(
  planned: PlannedQueue,
  { queues, consumers, longTasks }: DeployedParts,
  { sources, alarms }: Readonly<Record<'sources' | 'alarms', readonly Properties[]>>,
): PlannedQueue {
  const { name } = planned;
  const queue = queues.find(({ topology }) => topology.name === name);
  if (!queue) return planned;
  return {
    ...planned,
    lanes: planned.lanes.map((lane) => {
      const found = queue.lanes.find(({ topology }) => topology.name === lane.name);
      return found ? actualLane(lane, found.queue, sources) : lane;
    }),
    deadLetters: planned.deadLetters && actualDeadLetters(planned.deadLetters, queue.deadLetterQueue, alarms),
    function: planned.function && actualFunction(planned.function, consumers.get(name)),
    containers: planned.containers && actualContainers(planned.containers, longTasks?.services.get(name)),
  };
}

function actualTable(planned: PlannedTable, table: IConstruct): PlannedTable {
  const rendered = renderedBy(table);
  if (!rendered) return planned;
  const { AttributeName, Enabled } = objectIn(rendered.TimeToLiveSpecification);
  return { ...planned, ttlAttribute: Enabled === true ? String(AttributeName) : null };
}
