import { queueIn } from '../plan/parts.ts';
import type { Plan, PlannedQueue, PlannedTask } from '../plan/plan.ts';
import type { Breach, Rule } from '../rule.ts';
import { time } from '../wording.ts';

/** Lambda ends a function after 15 minutes, of which a minute is kept for what comes before and after a task. */
const longestOnLambda = 840;

/** A worker ends every run at its queue's limit, since its function or its message has no more time. */
export const taskTimeLimit: Rule = {
  name: 'task-time-limit',
  asks: "Is every task's timeLimit within that of its queue?",
  levels: ['error'],
  see: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html',
  check: (plan) => plan.tasks.flatMap((task) => tooLong(plan, task)),
};

function tooLong(plan: Plan, { name, queue: queueName, timeLimitSeconds }: PlannedTask): readonly Breach[] {
  const queue = queueIn(plan, queueName);
  if (!queue || queue.runOn === 'celery' || timeLimitSeconds === null) return [];
  if (timeLimitSeconds <= queue.timeLimitSeconds) return [];
  return [
    {
      level: 'error',
      subject: name,
      where: `task '${name}'`,
      found: `a timeLimit of ${time(timeLimitSeconds)} on queue '${queue.name}', whose own is ${time(queue.timeLimitSeconds)}`,
      wanted: `at most ${time(queue.timeLimitSeconds)}: a worker ends each run there`,
      advice: adviceFor(queue, timeLimitSeconds),
    },
  ];
}

function adviceFor({ name, runOn }: PlannedQueue, seconds: number): string {
  if (runOn === 'lambda' && seconds > longestOnLambda)
    return `Send it to a queue with runOn: 'fargate', since a function has no more than ${time(longestOnLambda)} for a task.`;
  return `Give queue '${name}' a timeLimit of ${time(seconds)}, or the task a queue of its own with that.`;
}
