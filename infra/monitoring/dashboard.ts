import { Stack } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  TextWidget,
  TextWidgetBackground,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ITableV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { TaskQueue } from '../queues/task-queue.ts';
import type { Scheduler } from '../schedules/scheduler.ts';
import type { Parts } from './parts.ts';

/** What a dashboard shows. */
export interface DashboardProps {
  readonly parts: Parts;
  readonly queues: readonly TaskQueue[];
  readonly alarms: readonly Alarm[];
}

/** In columns, of which there are 24. */
const whole = 24;
const height = 6;
/** CloudWatch shows no more in one place. */
const mostAlarms = 100;
const alarmsPerRow = 6;

/** One page for all: what has gone wrong on top, then each queue, beat, the table. */
export function dashboardOf(scope: Construct, props: DashboardProps): Dashboard {
  const { queues, alarms } = props;
  const { topology, consumers, scheduler, table } = props.parts;
  return new Dashboard(scope, 'Dashboard', {
    // Dashboards belong to the account, not to a region.
    dashboardName: `${topology.scheduleGroup}-${Stack.of(scope).region}`,
    widgets: [
      ...alarmRow(alarms),
      overview(props),
      ...queues.flatMap((queue) => [
        [heading(queue.topology.name)],
        queueRow(queue, consumers.get(queue.topology.name)?.worker.function),
      ]),
      [heading('Schedules and far calls')],
      schedulerRow(scheduler),
      [heading('Results')],
      tableRow(table),
    ],
  });
}

function alarmRow(alarms: readonly Alarm[]): IWidget[][] {
  if (alarms.length === 0) return [];
  const shown = alarms.slice(0, mostAlarms);
  const rows = Math.ceil(shown.length / alarmsPerRow);
  return [[new AlarmStatusWidget({ title: 'Alarms', alarms: shown, width: whole, height: 1 + rows })]];
}

function overview({ queues, parts }: DashboardProps): IWidget[] {
  const ofEach = (metricOf: (queue: TaskQueue, label: string) => IMetric) =>
    queues.map((queue) => metricOf(queue, queue.topology.name));
  const undelivered = parts.scheduler.undelivered.metricApproximateNumberOfMessagesVisible({
    label: 'undelivered',
    statistic: 'Maximum',
  });
  return [
    graph('Dead letters', {
      left: [...ofEach((queue, label) => queue.metricDeadLetters({ label })), undelivered],
    }),
    graph('Waiting calls', { left: ofEach((queue, label) => queue.metricDepth({ label })) }),
    graph('Oldest call, s', { left: ofEach((queue, label) => queue.metricOldestMessage({ label })) }),
  ];
}

function queueRow(queue: TaskQueue, fn: IFunction | undefined): IWidget[] {
  const calls = graph('Calls', {
    left: [
      queue.metricDepth({ label: 'waiting' }),
      queue.metricInFlight({ label: 'at work' }),
      queue.metricDelayed({ label: 'delayed' }),
    ],
    isStacked: true,
  });
  const oldest = graph('Oldest call, s', {
    left: queue.lanes.map(({ queue: lane, topology: { name } }) =>
      lane.metricApproximateAgeOfOldestMessage({ label: name, statistic: 'Maximum' }),
    ),
  });
  return [calls, oldest, ...(fn ? functionGraphs(fn) : [])];
}

function functionGraphs(fn: IFunction): readonly IWidget[] {
  return [
    graph('Invocations | failed, throttled', {
      left: [fn.metricInvocations({ label: 'invocations' })],
      right: [fn.metricErrors({ label: 'failed' }), fn.metricThrottles({ label: 'throttled' })],
    }),
    graph('Duration, ms | at once', {
      left: [
        fn.metricDuration({ label: 'p50', statistic: 'p50' }),
        fn.metricDuration({ label: 'p99', statistic: 'p99' }),
      ],
      right: [fn.metric('ConcurrentExecutions', { label: 'at once', statistic: 'Maximum' })],
    }),
  ];
}

function schedulerRow({ beat, group }: Scheduler): IWidget[] {
  const scheduler = graph('Rings | refused, dropped', {
    left: [group.metricAttempts({ label: 'rings' })],
    right: [
      group.metricTargetErrors({ label: 'refused' }),
      group.metricTargetThrottled({ label: 'throttled by the target' }),
      group.metricDropped({ label: 'dropped' }),
    ],
  });
  return [scheduler, ...functionGraphs(beat.function)];
}

function tableRow(table: ITableV2 | TableV2): IWidget[] {
  const sum = (metricName: string, label: string) => table.metric(metricName, { label, statistic: 'Sum' });
  return [
    graph('Consumed units', {
      left: [
        table.metricConsumedReadCapacityUnits({ label: 'read', statistic: 'Sum' }),
        table.metricConsumedWriteCapacityUnits({ label: 'write', statistic: 'Sum' }),
      ],
    }),
    graph('Throttled', { left: [sum('ReadThrottleEvents', 'reads'), sum('WriteThrottleEvents', 'writes')] }),
    graph('Conditions not met', {
      left: [table.metricConditionalCheckFailedRequests({ label: 'requests', statistic: 'Sum' })],
    }),
  ];
}

function heading(text: string): IWidget {
  return new TextWidget({
    markdown: `## ${text}`,
    width: whole,
    height: 1,
    background: TextWidgetBackground.TRANSPARENT,
  });
}

interface GraphParts {
  readonly left: readonly IMetric[];
  readonly right?: readonly IMetric[];
  readonly isStacked?: boolean;
}

function graph(title: string, { left, right = [], isStacked = false }: GraphParts): GraphWidget {
  return new GraphWidget({
    title,
    height,
    left: [...left],
    right: [...right],
    stacked: isStacked,
    leftYAxis: { min: 0, showUnits: false },
    rightYAxis: { min: 0, showUnits: false },
  });
}
