import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { AlarmSettings } from './alarm-settings.ts';

/** The alarms that there are. Each has a chapter in docs/deploy.md, whose anchor is its name. */
export type Chapter =
  | 'dead-letters'
  | 'oldest-message'
  | 'errors'
  | 'throttles'
  | 'undelivered'
  | 'scheduler-errors'
  | 'beat-errors'
  | 'beat-throttles'
  | 'beat-silent';

/** What an alarm is to look at: plain data. */
export interface Watch {
  readonly chapter: Chapter;
  /** Whose it is, by its name in the cloud: of a queue, or of the deployment. */
  readonly of: string;
  /** What has happened, in one or two sentences. */
  readonly says: string;
  readonly metric: IMetric;
  /** It goes off from there on, */
  readonly from?: number;
  /** or below. */
  readonly below?: number;
  /** So many periods in a row. @default 1 */
  readonly periods?: number;
}

/** As the metrics of AWS come. */
export const oneMinute = Duration.minutes(1);
export const fiveMinutes = Duration.minutes(5);

/** Makes the alarms. */
export function alarmsFor(
  scope: Construct,
  watches: readonly Watch[],
  { actions = [], okActions = [] }: AlarmSettings,
): readonly Alarm[] {
  const room = new Construct(scope, 'Alarms');
  return watches.map((watch) => {
    const alarm = alarmFor(room, watch);
    alarm.addAlarmAction(...distinct(actions));
    alarm.addOkAction(...distinct(okActions));
    return alarm;
  });
}

function alarmFor(room: Construct, { chapter, of, says, metric, from, below, periods = 1 }: Watch): Alarm {
  // No name of a queue has a dot in it: that of an alarm cannot be that of another one.
  const alarmName = `${of}.${chapter}`;
  return new Alarm(room, alarmName, {
    alarmName,
    alarmDescription: `${says} What to do: docs/deploy.md#${chapter} in the package tallo.`,
    metric,
    evaluationPeriods: periods,
    threshold: below ?? from ?? 1,
    comparisonOperator:
      below === undefined
        ? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
        : ComparisonOperator.LESS_THAN_THRESHOLD,
    // What nobody uses has no data: that is well, unless silence is what is looked for.
    treatMissingData: below === undefined ? TreatMissingData.NOT_BREACHING : TreatMissingData.BREACHING,
  });
}

function distinct(actions: readonly IAlarmAction[]): readonly IAlarmAction[] {
  return [...new Set(actions)];
}
