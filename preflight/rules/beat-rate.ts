import type { Plan, PlannedTask } from '../plan/plan.ts';
import type { Rule } from '../rule.ts';
import { count } from '../wording.ts';

/** A task that is started more often than its rate limit allows waits longer every day. */
export const beatRate: Rule = {
  name: 'beat-rate',
  asks: "Does beat start a task no more often than the task's rate limit allows?",
  levels: ['warning'],
  see: 'https://docs.celeryq.dev/en/stable/reference/celery.app.task.html#celery.app.task.Task.rate_limit',
  check: (plan) =>
    plan.tasks.flatMap((task) => {
      const starts = startsPerDay(plan, task);
      if (task.startsPerDay === null || starts <= task.startsPerDay) return [];
      return [
        {
          level: 'warning',
          subject: task.name,
          where: `task '${task.name}'`,
          found: `${rate(starts)} starts a day by beat, and a rateLimit of ${rate(task.startsPerDay)} a day`,
          wanted: 'fewer starts than the limit allows: what waits grows every day',
          advice: "Raise rateLimit, run the entry less often, or give its calls 'expires'.",
        },
      ];
    }),
};

/** Calls that expire make no heap. */
function startsPerDay({ entries }: Plan, { name }: PlannedTask): number {
  return entries
    .filter(({ expires }) => !expires)
    .reduce(
      (sum, { runsPerDay, calls }) => sum + runsPerDay * calls.filter(({ task }) => task === name).length,
      0,
    );
}

function rate(perDay: number): string {
  return count(perDay < 100 ? Number(perDay.toPrecision(3)) : Math.round(perDay));
}
