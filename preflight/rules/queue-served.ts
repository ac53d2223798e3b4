import { lanesIn } from '../plan/parts.ts';
import type { Rule } from '../rule.ts';

/** A queue that nobody polls takes calls for two weeks without a word. */
export const queueServed: Rule = {
  name: 'queue-served',
  asks: 'Is every queue on Lambda polled for its function?',
  levels: ['error', 'warning'],
  see: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html',
  check: (plan) =>
    lanesIn(plan).flatMap(({ queue, lane, where }) => {
      if (queue.runOn !== 'lambda' || lane.source?.isEnabled) return [];
      return [
        {
          level: lane.source ? 'warning' : 'error',
          subject: queue.name,
          where,
          found: lane.source ? 'an event source that is switched off' : 'no event source',
          wanted: 'one that polls: otherwise its calls wait, and are deleted when the retention is over',
          advice: lane.source
            ? `Switch it on again; or accept 'queue-served:${queue.name}' while it is meant to rest.`
            : "Take back what removed it; or say who serves the queue: the app's option runOn.",
        },
      ];
    }),
};
