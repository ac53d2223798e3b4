import type { Duration } from 'aws-cdk-lib';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';

/**
 * The alarms of a deployment. Each tells in its description what has happened and where docs/deploy.md says what to do.
 *
 * @see https://aws.amazon.com/cloudwatch/pricing/ each costs 0.10 USD a month beyond an account's first ten
 */
export interface AlarmSettings {
  /** What happens when an alarm goes off: `new SnsAction(topic)`. @default nothing: the alarms can only be looked at */
  readonly actions?: readonly IAlarmAction[];
  /** What happens when an alarm is over. @default nothing */
  readonly okActions?: readonly IAlarmAction[];
  /**
   * A call that has waited longer is too old, 1 minute to 14 days. A queue's own `oldestMessage` comes first.
   * @default what may happen to a call on its way without anything being wrong: the longest delay that SQS has (15 minutes), the queue's
   * batch window, one run, and the time until it is delivered once more; rounded up to 5 minutes
   */
  readonly oldestMessage?: Duration;
  /** So many failed invocations of a queue's function in a minute, 1 or more. A task that fails is none: its function has succeeded. @default 1 */
  readonly errors?: number;
  /** So many throttled invocations of a function in 5 minutes, three times in a row, 1 or more. @default 1 */
  readonly throttles?: number;
}
