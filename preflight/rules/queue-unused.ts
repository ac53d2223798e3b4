import type { Plan } from '../plan/plan.ts';
import type { Rule } from '../rule.ts';

/** An idle queue costs the polling of its event source, and is often what is left of a name that was changed elsewhere. */
export const queueUnused: Rule = {
  name: 'queue-unused',
  asks: 'Is there a task, route or beat entry for every queue?',
  levels: ['warning'],
  see: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html',
  check: (plan) => {
    // A function may send any call anywhere; and what Python serves is called by name.
    if (plan.routers > 0) return [];
    const used = usedQueues(plan);
    return plan.queues
      .filter(({ name, runOn }) => runOn !== 'celery' && !used.has(name))
      .map(({ name }) => ({
        level: 'warning',
        subject: name,
        where: `queue '${name}'`,
        found: 'no task, route or beat entry that leads there',
        wanted: 'a queue that something is sent to: each one is polled all day',
        advice: `Take it out; or accept 'queue-unused:${name}' where calls name it themselves.`,
      }));
  },
};

function usedQueues({ defaultQueue, tasks, routes, entries }: Plan): ReadonlySet<string | null> {
  return new Set([
    defaultQueue,
    ...tasks.map(({ queue }) => queue),
    ...routes.map(({ queue }) => queue),
    ...entries.flatMap(({ calls }) => calls.map(({ queue }) => queue)),
  ]);
}
