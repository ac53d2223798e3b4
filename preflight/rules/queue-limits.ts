import { type LaneInPlan, lanesIn } from '../plan/parts.ts';
import type { Plan } from '../plan/plan.ts';
import { isWithin, quotas, type Range } from '../quotas.ts';
import type { Breach, Rule } from '../rule.ts';
import { count, fromTo, time } from '../wording.ts';

/** CloudFormation learns of it only when it creates the queue, and rolls everything back. */
export const queueLimits: Rule = {
  name: 'queue-limits',
  asks: 'Are the numbers of every SQS queue some that SQS takes?',
  levels: ['error'],
  see: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html',
  check: (plan) => [...lanesIn(plan).flatMap(ofLane), ...ofDeadLetters(plan)],
};

function ofLane({ queue, lane, where }: LaneInPlan): readonly Breach[] {
  const { visibilitySeconds, retentionSeconds, receives } = quotas.sqs;
  const place = { subject: queue.name, where };
  return [
    ...outside('a visibility timeout', lane.visibilitySeconds, {
      ...place,
      range: visibilitySeconds,
      write: time,
    }),
    ...outside('a retention', lane.retentionSeconds, { ...place, range: retentionSeconds, write: time }),
    ...outside('a maxReceiveCount', lane.maxReceives ?? receives[0], {
      ...place,
      range: receives,
      write: count,
    }),
  ];
}

function ofDeadLetters({ queues }: Plan): readonly Breach[] {
  const range = quotas.sqs.retentionSeconds;
  return queues.flatMap(({ name, deadLetters }) => {
    const place = { subject: name, where: `the dead-letter queue of queue '${name}'` };
    return deadLetters
      ? outside('a retention', deadLetters.retentionSeconds, { ...place, range, write: time })
      : [];
  });
}

interface Bounds extends Pick<Breach, 'subject' | 'where'> {
  readonly range: Range;
  readonly write: (value: number) => string;
}

function outside(what: string, value: number, { range, write, ...place }: Bounds): readonly Breach[] {
  if (isWithin(value, range) && Number.isInteger(value)) return [];
  return [
    {
      level: 'error',
      ...place,
      found: `${what} of ${write(value)}`,
      wanted: `a whole number ${fromTo(range, write)}`,
      advice: 'Leave the number to the app: it derives one that fits.',
    },
  ];
}
