import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ConfigurationError } from '../../sdk/errors/index.ts';
import type { AlarmSettings } from './alarm-settings.ts';
import { fiveMinutes, oneMinute, type Watch } from './watch.ts';

/** What is looked at of the function of a queue, by the queue's name in the cloud. */
export function functionWatches(fn: IFunction, queueName: string, settings: AlarmSettings): readonly Watch[] {
  return [
    {
      chapter: 'errors',
      of: queueName,
      says: `The function of ${queueName} fails as a whole: it ran out of time or memory, or cannot start. Its calls come again.`,
      metric: fn.metricErrors({ period: oneMinute }),
      from: counted('errors', settings.errors),
    },
    {
      chapter: 'throttles',
      of: queueName,
      says: `Lambda has throttled the function of ${queueName} for 15 minutes. Its calls wait.`,
      ...throttlesOf(fn, settings),
    },
  ];
}

/** Throttles that last. */
export function throttlesOf(
  fn: IFunction,
  { throttles }: AlarmSettings,
): Pick<Watch, 'metric' | 'from' | 'periods'> {
  return {
    metric: fn.metricThrottles({ period: fiveMinutes }),
    from: counted('throttles', throttles),
    periods: 3,
  };
}

/** @throws ConfigurationError */
export function counted(option: string, count = 1): number {
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw new ConfigurationError(`Expected ${option} to be a whole number from 1 up, got ${count}.`);
}
