import { type LaneInPlan, lanesIn } from '../plan/parts.ts';
import { quotas } from '../quotas.ts';
import type { Breach, Rule } from '../rule.ts';
import { time } from '../wording.ts';

/** A message that SQS moves there keeps the time at which it was sent: with the same retention it may be deleted on the day it arrives. */
export const deadLetterRetention: Rule = {
  name: 'dead-letter-retention',
  asks: 'Does the dead-letter queue keep messages longer than the queue?',
  levels: ['error', 'warning'],
  see: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html',
  check: (plan) => lanesIn(plan).flatMap(ofLane),
};

function ofLane({ queue, lane, where }: LaneInPlan): readonly Breach[] {
  if (!queue.deadLetters) return [];
  const [, most] = quotas.sqs.retentionSeconds;
  const { retentionSeconds: buried } = queue.deadLetters;
  // Longer than the most there is not.
  if (buried > lane.retentionSeconds || buried >= most) return [];
  const isError = buried < lane.retentionSeconds;
  return [
    {
      level: isError ? 'error' : 'warning',
      subject: queue.name,
      where,
      found: `a retention of ${time(lane.retentionSeconds)}, and of ${time(buried)} in its dead-letter queue`,
      wanted: `longer in the dead-letter queue: ${isError ? 'an old message is deleted as it gets there' : 'an old message has little time there'}, for it keeps the time at which it was sent`,
      advice: `Leave it to the app: ${time(most)}, the most that SQS has.`,
    },
  ];
}
