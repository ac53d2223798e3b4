import type { PlannedTask } from '../plan/plan.ts';
import { quotas } from '../quotas.ts';
import type { Rule } from '../rule.ts';
import { count, time } from '../wording.ts';

/** What waits longer than a queue can delay becomes a schedule of EventBridge Scheduler, and smaller regions take few of these a second. */
export const schedulerRate: Rule = {
  name: 'scheduler-rate',
  asks: 'Can the region take as many timers as a wave of long retries makes?',
  levels: ['warning'],
  see: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html',
  check: ({ region, tasks }) => {
    const { largeRegions, createsPerSecond } = quotas.scheduler;
    const large: readonly string[] = largeRegions;
    if (region === null || large.includes(region)) return [];
    return tasks.flatMap((task) => {
      const wait = longestWait(task);
      if (wait.seconds <= quotas.sqs.longestDelaySeconds) return [];
      return [
        {
          level: 'warning',
          subject: task.name,
          where: `task '${task.name}'`,
          found: `${wait.what} of ${time(wait.seconds)}, in ${region}`,
          wanted: `at most ${time(quotas.sqs.longestDelaySeconds)}, or a larger region: each longer wait is a schedule, and ${region} takes ${count(createsPerSecond.others)} of them a second, not ${count(createsPerSecond.large)}`,
          advice: "Shorten the wait, or have the quota 'CreateSchedule request rate' raised and accept this.",
        },
      ];
    });
  },
};

function longestWait({ retryDelaySeconds, cooldownSeconds }: PlannedTask): {
  readonly what: string;
  readonly seconds: number;
} {
  return (cooldownSeconds ?? 0) > retryDelaySeconds
    ? { what: "a circuit breaker's cooldown", seconds: cooldownSeconds ?? 0 }
    : { what: 'a wait for a retry', seconds: retryDelaySeconds };
}
