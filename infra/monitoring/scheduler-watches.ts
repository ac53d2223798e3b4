import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Topology } from '../../sdk/index.ts';
import type { Scheduler } from '../schedules/scheduler.ts';
import type { AlarmSettings } from './alarm-settings.ts';
import { throttlesOf } from './function-watches.ts';
import type { Silence } from './silence.ts';
import { fiveMinutes, oneMinute, type Watch } from './watch.ts';

/** What is looked at of far calls and beat. */
export interface SchedulerWatchProps {
  readonly topology: Topology;
  readonly scheduler: Scheduler;
  readonly settings: AlarmSettings;
  /** undefined: nothing wakes beat, or so rarely that its silence cannot be told. */
  readonly silence: Silence | undefined;
}

/** Lambda tries each wake three times. One that meets another wake of its entry fails once, and that is well. */
const attempts = 3;

export function schedulerWatches({
  topology,
  scheduler,
  settings,
  silence,
}: SchedulerWatchProps): readonly Watch[] {
  const { beat, group, undelivered } = scheduler;
  const of = topology.scheduleGroup;
  return [
    {
      chapter: 'undelivered',
      of,
      says: `Far calls, or wakes of beat, could not be delivered: they lie in the queue ${topology.undeliveredQueueName}.`,
      metric: undelivered.metricApproximateNumberOfMessagesVisible({
        statistic: 'Maximum',
        period: oneMinute,
      }),
    },
    {
      chapter: 'scheduler-errors',
      of,
      says: `EventBridge Scheduler was refused where it delivers the far calls and wakes of beat of ${of}. It tries again for a day.`,
      metric: group.metricTargetErrors({ period: fiveMinutes }),
    },
    {
      chapter: 'beat-errors',
      of,
      says: `The beat function of ${of} fails: calls by a schedule are late.`,
      metric: beat.function.metricErrors({ period: fiveMinutes }),
      from: attempts,
    },
    {
      chapter: 'beat-throttles',
      of,
      says: `Lambda has throttled the beat function of ${of} for 15 minutes: calls by a schedule are late.`,
      ...throttlesOf(beat.function, settings),
    },
    ...(silence ? [silent(silence, { of, scheduler })] : []),
  ];
}

function silent(
  { periodSeconds, periods }: Silence,
  { of, scheduler }: { readonly of: string; readonly scheduler: Scheduler },
): Watch {
  const period = Duration.seconds(periodSeconds);
  const silentFor = Duration.seconds(periods * periodSeconds).toHumanString();
  return {
    chapter: 'beat-silent',
    of,
    says: `Nothing has woken the beat function of ${of} for ${silentFor}, and a schedule should have: no call by a schedule was sent.`,
    // Where nothing happened there is no data. CloudWatch would wait for several more periods before it takes that for silence.
    metric: new MathExpression({
      expression: 'FILL(wakes, 0)',
      usingMetrics: { wakes: scheduler.beat.function.metricInvocations({ period }) },
      period,
      label: 'wakes',
    }),
    below: 1,
    periods,
  };
}
