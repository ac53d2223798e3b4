import { queueIn } from '../plan/parts.ts';
import type { Plan, PlannedEntry } from '../plan/plan.ts';
import type { Breach, Rule } from '../rule.ts';

/** Workers bury a call of a task that they do not know, each time that the entry runs. */
export const beatTask: Rule = {
  name: 'beat-task',
  asks: 'Does the app define every task that beat sends to its own workers?',
  levels: ['warning'],
  see: 'https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#entries',
  check: (plan) => plan.entries.flatMap((entry) => ofEntry(plan, entry)),
};

function ofEntry(plan: Plan, { name, calls }: PlannedEntry): readonly Breach[] {
  const known = new Set(plan.tasks.map((task) => task.name));
  const unknown = calls.filter(
    ({ task, queue }) => isOurs(plan, queue) && !known.has(task) && !task.startsWith('celery.'),
  );
  return unknown.map(({ task, queue }) => ({
    level: 'warning',
    subject: name,
    where: `beat entry '${name}'`,
    found: `task '${task}' on queue '${queue}', which the app does not define`,
    wanted:
      'a task of the app, or a queue that others serve: its workers bury each such call as not-registered',
    advice: `Correct the name; import the task's module where the app is; or for a task in Python give queue '${queue}' runOn: 'celery'.`,
  }));
}

function isOurs(plan: Plan, queue: string | null): boolean {
  const found = queueIn(plan, queue);
  return found !== undefined && found.runOn !== 'celery';
}
