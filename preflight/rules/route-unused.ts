import { queueIn } from '../plan/parts.ts';
import type { Rule } from '../rule.ts';

/** A pattern with a slip of the pen lets its tasks go to the default queue, silently. */
export const routeUnused: Rule = {
  name: 'route-unused',
  asks: 'Does some task go by every route?',
  levels: ['warning'],
  see: 'https://docs.celeryq.dev/en/stable/userguide/routing.html#automatic-routing',
  check: (plan) =>
    plan.routes
      // Tasks that Python serves are not defined here.
      .filter(({ tasks, queue }) => tasks === 0 && queueIn(plan, queue)?.runOn !== 'celery')
      .map(({ pattern, queue }) => ({
        level: 'warning',
        subject: pattern,
        where: `route '${pattern}'`,
        found: 'no task of the app that goes by it',
        wanted: `a pattern that fits the names of the tasks meant for queue '${queue}', before any other that fits them`,
        advice: `Correct or remove it; or accept 'route-unused:${pattern}' if it is for tasks that live elsewhere.`,
      })),
};
