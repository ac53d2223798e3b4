import type { Plan, PlannedQueue } from '../../preflight/plan/plan.ts';
import type { Finding } from '../../preflight/rule.ts';
import { time } from '../../preflight/wording.ts';
import type { DeployedQueue, DeployedQueues } from './deployed-queues.ts';

const see =
  'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html';

/** The names of all SQS queues in a plan. */
export function queueNamesIn({ queues }: Plan): readonly string[] {
  return queues.flatMap(({ lanes, deadLetters }) => [
    ...lanes.map(({ queueName }) => queueName),
    ...(deadLetters ? [deadLetters.queueName] : []),
  ]);
}

/** The plan with the numbers that queues have by now: what the rules are to look at. */
export function deployedPlan(plan: Plan, deployed: DeployedQueues): Plan {
  return {
    ...plan,
    queues: plan.queues.map((queue) => ({
      ...queue,
      lanes: queue.lanes.map((lane) => ({ ...lane, ...deployed.get(lane.queueName) })),
      deadLetters: queue.deadLetters && {
        ...queue.deadLetters,
        retentionSeconds:
          deployed.get(queue.deadLetters.queueName)?.retentionSeconds ?? queue.deadLetters.retentionSeconds,
      },
    })),
  };
}

/** Where what is deployed is not what the app says: queues that are missing, and numbers that somebody has changed, or not deployed yet. */
export function differences({ queues }: Plan, deployed: DeployedQueues): readonly Finding[] {
  return queues.flatMap((queue) =>
    wantedOf(queue).flatMap(([queueName, wanted]) => {
      const place = { subject: queue.name, where: `queue '${queueName}'`, see };
      const actual = deployed.get(queueName);
      if (!actual) return [notThere(place)];
      return changesBetween(wanted, actual).map((change) => changed(place, change));
    }),
  );
}

type Place = Pick<Finding, 'subject' | 'where' | 'see'>;

/** What each SQS queue of a queue should say. */
function wantedOf({
  lanes,
  deadLetters,
}: PlannedQueue): readonly (readonly [string, Partial<DeployedQueue>])[] {
  return [
    ...lanes.map(
      ({ queueName, visibilitySeconds, retentionSeconds, maxReceives }) =>
        [queueName, { visibilitySeconds, retentionSeconds, maxReceives }] as const,
    ),
    ...(deadLetters
      ? [[deadLetters.queueName, { retentionSeconds: deadLetters.retentionSeconds }] as const]
      : []),
  ];
}

interface Change {
  readonly found: string;
  readonly wanted: string;
}

function changesBetween(wanted: Partial<DeployedQueue>, actual: DeployedQueue): readonly Change[] {
  const write = {
    visibilitySeconds: (value: number | null) => `a visibility timeout of ${time(value ?? 0)}`,
    retentionSeconds: (value: number | null) => `a retention of ${time(value ?? 0)}`,
    maxReceives: (value: number | null) =>
      value === null ? 'no redrive policy' : `a maxReceiveCount of ${value}`,
  };
  return (Object.keys(write) as (keyof DeployedQueue)[]).flatMap((name) => {
    const value = wanted[name];
    if (value === undefined || value === actual[name]) return [];
    return [{ found: write[name](actual[name]), wanted: write[name](value) }];
  });
}

function notThere(place: Place): Finding {
  return {
    rule: 'not-deployed',
    level: 'error',
    ...place,
    found: 'no queue of that name in this region and account',
    wanted: 'a queue for what the app sends there: such calls are refused',
    advice: 'Deploy the app; or say which stage and region you mean: --stage, --region.',
  };
}

function changed(place: Place, { found, wanted }: Change): Finding {
  return {
    rule: 'not-as-deployed',
    level: 'warning',
    ...place,
    found,
    wanted: `${wanted}, as the app says`,
    advice: 'Deploy the app again; or take over into the app what was changed by hand.',
  };
}
