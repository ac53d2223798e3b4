import type { Alarm, Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { TaskQueue } from '../queues/task-queue.ts';
import type { TaskRunnerProps } from '../task-runner-props.ts';
import type { AlarmSettings } from './alarm-settings.ts';
import { dashboardOf } from './dashboard.ts';
import { functionWatches } from './function-watches.ts';
import type { Parts } from './parts.ts';
import { queueWatches } from './queue-watches.ts';
import { schedulerWatches } from './scheduler-watches.ts';
import { longestGap, silenceAfter } from './silence.ts';
import { alarmsFor, type Watch } from './watch.ts';

/** What is looked at, and how. */
export interface MonitoringProps {
  readonly parts: Parts;
  readonly queues: readonly TaskQueue[];
  readonly props: TaskRunnerProps;
}

/** What tells people how a deployment is. */
export interface Monitoring {
  readonly alarms: readonly Alarm[];
  readonly dashboard: Dashboard | undefined;
}

/** Makes the alarms and the dashboard of a deployment. */
export function monitor(scope: Construct, monitoring: MonitoringProps): Monitoring {
  const { parts, queues } = monitoring;
  const { alarms: settings = {}, dashboard: isWanted = true } = monitoring.props;
  const alarms = settings === false ? [] : alarmsFor(scope, watchesOf(monitoring, settings), settings);
  return { alarms, dashboard: isWanted ? dashboardOf(scope, { parts, queues, alarms }) : undefined };
}

function watchesOf({ parts, queues, props }: MonitoringProps, settings: AlarmSettings): readonly Watch[] {
  const { topology, consumers, scheduler } = parts;
  const ofQueues = queues.flatMap((queue) => {
    const { name, queueName } = queue.topology;
    const consumer = consumers.get(name);
    return [
      ...queueWatches(queue, props.queues?.[name]?.oldestMessage ?? settings.oldestMessage),
      ...(consumer ? functionWatches(consumer.worker.function, queueName, settings) : []),
    ];
  });
  const isPaused = props.beat === 'paused';
  const silence = isPaused ? undefined : silenceAfter(longestGap(props.app.beatEntries.values()));
  return [...ofQueues, ...schedulerWatches({ topology, scheduler, settings, silence })];
}
