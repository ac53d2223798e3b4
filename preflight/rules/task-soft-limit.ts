import { queueIn } from '../plan/parts.ts';
import type { Rule } from '../rule.ts';
import { time } from '../wording.ts';

/** The soft limit is there so that a task can tidy up before the hard one ends it. */
export const taskSoftLimit: Rule = {
  name: 'task-soft-limit',
  asks: "Does every task's softTimeLimit come before its hard limit?",
  levels: ['warning'],
  see: 'https://docs.celeryq.dev/en/stable/userguide/workers.html#time-limits',
  check: (plan) =>
    plan.tasks.flatMap(({ name, queue: queueName, timeLimitSeconds, softTimeLimitSeconds }) => {
      const queue = queueIn(plan, queueName);
      if (!queue || queue.runOn === 'celery' || softTimeLimitSeconds === null) return [];
      const hard = Math.min(timeLimitSeconds ?? queue.timeLimitSeconds, queue.timeLimitSeconds);
      if (softTimeLimitSeconds < hard) return [];
      return [
        {
          level: 'warning',
          subject: name,
          where: `task '${name}'`,
          found: `a softTimeLimit of ${time(softTimeLimitSeconds)}, and a run on queue '${queue.name}' ends after ${time(hard)}`,
          wanted: `less than ${time(hard)}: later, its signal aborts when nobody waits for the task any more`,
          advice: "Lower softTimeLimit, or raise the task's timeLimit and its queue's.",
        },
      ];
    }),
};
