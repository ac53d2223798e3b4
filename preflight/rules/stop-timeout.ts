import type { PlannedContainers, PlannedQueue } from '../plan/plan.ts';
import { isWithin, quotas } from '../quotas.ts';
import type { Breach, Rule } from '../rule.ts';
import { fromTo, time } from '../wording.ts';

/** A container that is killed before its worker has given back what it runs keeps these messages hidden until their visibility timeout. */
export const stopTimeout: Rule = {
  name: 'stop-timeout',
  asks: 'Has a container that is stopped the time to end its tasks or give them back?',
  levels: ['error', 'warning'],
  see: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html',
  check: ({ queues }) =>
    queues.flatMap((queue) => (queue.containers ? ofContainers(queue, queue.containers) : [])),
};

function ofContainers(
  { name }: PlannedQueue,
  { stopTimeoutSeconds, graceSeconds }: PlannedContainers,
): readonly Breach[] {
  const place = { subject: name, where: `the containers of queue '${name}'` };
  const range = quotas.fargate.stopTimeoutSeconds;
  if (!isWithin(stopTimeoutSeconds, range)) {
    return [
      {
        level: 'error',
        ...place,
        found: `a stop timeout of ${time(stopTimeoutSeconds)}`,
        wanted: `${fromTo(range, time)} on Fargate`,
        advice: 'Leave it to the construct. A task that is stopped begins anew in another container.',
      },
    ];
  }
  if (graceSeconds < stopTimeoutSeconds) return [];
  return [
    {
      level: 'warning',
      ...place,
      found: `a stop timeout of ${time(stopTimeoutSeconds)}, and a worker that gives its tasks ${time(graceSeconds)}`,
      wanted:
        'more than the worker takes: it is killed before it has given its messages back, and they stay hidden for a while',
      advice: "Raise the container's stopTimeout, or lower --grace of its worker.",
    },
  ];
}
