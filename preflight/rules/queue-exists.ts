import type { Plan } from '../plan/plan.ts';
import type { Breach, Rule } from '../rule.ts';

/** A call to a queue that is not there is refused where it is made, which may be the first time at night. */
export const queueExists: Rule = {
  name: 'queue-exists',
  asks: 'Does every task, route and beat entry lead to a queue that the app has?',
  levels: ['error'],
  see: 'https://docs.celeryq.dev/en/stable/userguide/routing.html#automatic-routing',
  check: (plan) => [...ofTasks(plan), ...ofRoutes(plan), ...ofEntries(plan)],
};

function ofTasks(plan: Plan): readonly Breach[] {
  return plan.tasks
    .filter(({ queueBy }) => queueBy === 'task' || queueBy === 'function')
    .flatMap(({ name, queue }) => missing(plan, { subject: name, where: `task '${name}'`, queue }));
}

function ofRoutes(plan: Plan): readonly Breach[] {
  return plan.routes.flatMap(({ pattern, queue }) =>
    missing(plan, { subject: pattern, where: `route '${pattern}'`, queue }),
  );
}

/** Where a task or a route leads that an entry goes by is said there. */
function ofEntries(plan: Plan): readonly Breach[] {
  return plan.entries.flatMap(({ name, calls }) =>
    calls
      .filter(({ namesQueue }) => namesQueue)
      .flatMap(({ queue }) => missing(plan, { subject: name, where: `beat entry '${name}'`, queue })),
  );
}

function missing(
  { queues }: Plan,
  { queue, ...place }: Pick<Breach, 'subject' | 'where'> & { readonly queue: string | null },
): readonly Breach[] {
  if (queue === null || queues.some(({ name }) => name === queue)) return [];
  return [
    {
      level: 'error',
      ...place,
      found: `queue '${queue}', which the app does not have`,
      wanted: `one of its queues: ${queues.map(({ name }) => name).join(', ')}`,
      advice: `Add '${queue}' to the app's option queues, or correct the name.`,
    },
  ];
}
