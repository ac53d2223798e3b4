import { type LaneInPlan, lanesIn } from '../plan/parts.ts';
import { quotas } from '../quotas.ts';
import type { Breach, Rule } from '../rule.ts';
import { time } from '../wording.ts';

/** SQS's own default, and long enough for a worker that breaks on a Friday evening. */
const weekend = 4 * 86_400;

/**
 * SQS deletes a message when its retention is over, run or not, and counts from the sending. The longest that one of ours lies in a queue
 * before its time is a delay of 15 minutes: an ETA further away waits in EventBridge Scheduler, or goes from delay to delay as a new message.
 */
export const retention: Rule = {
  name: 'retention',
  asks: 'Does a queue keep messages until the longest ETA in it, and over a weekend?',
  levels: ['error', 'warning'],
  see: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-timers.html',
  check: (plan) => lanesIn(plan).flatMap(ofLane),
};

function ofLane({ queue, lane, where }: LaneInPlan): readonly Breach[] {
  const { retentionSeconds, visibilitySeconds } = lane;
  if (retentionSeconds >= weekend) return [];
  const { longestDelaySeconds } = quotas.sqs;
  const least = longestDelaySeconds + visibilitySeconds;
  const isError = retentionSeconds < least;
  return [
    {
      level: isError ? 'error' : 'warning',
      subject: queue.name,
      where,
      found: `a retention of ${time(retentionSeconds)}`,
      wanted: isError
        ? `at least ${time(least)}: the longest ETA that waits in a queue, ${time(longestDelaySeconds)}, and one delivery; a call would be deleted before it has run`
        : `at least ${time(weekend)}: what waits longer is deleted, also when its worker is out of order over a weekend`,
      advice: `Leave it to the app: ${time(quotas.sqs.retentionSeconds[1])}, the most that SQS has.`,
    },
  ];
}
