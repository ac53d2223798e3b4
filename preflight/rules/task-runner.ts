import { queueIn } from '../plan/parts.ts';
import type { Rule } from '../rule.ts';

/** The function of a task that goes to Python is never called: a worker there runs its own task of that name, or drops the message. */
export const taskRunner: Rule = {
  name: 'task-runner',
  asks: 'Is every task of the app sent to a queue that its own workers serve?',
  levels: ['warning'],
  see: 'https://docs.celeryq.dev/en/stable/userguide/calling.html#routing-options',
  check: (plan) =>
    plan.tasks.flatMap(({ name, queue }) =>
      queueIn(plan, queue)?.runOn === 'celery'
        ? [
            {
              level: 'warning',
              subject: name,
              where: `task '${name}'`,
              found: `queue '${queue}', which a Celery worker in Python serves`,
              wanted: "a queue with another runOn: the app's own function for this task never runs there",
              advice:
                "Route it to a queue of the app's own; or define it in Python only, and call it by app.sendTask or app.signature.",
            },
          ]
        : [],
    ),
};
