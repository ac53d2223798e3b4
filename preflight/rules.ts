import type { Rule } from './rule.ts';
import { accountConcurrency } from './rules/account-concurrency.ts';
import { batchFailures } from './rules/batch-failures.ts';
import { batchSize } from './rules/batch-size.ts';
import { batchTime } from './rules/batch-time.ts';
import { beatRate } from './rules/beat-rate.ts';
import { beatTask } from './rules/beat-task.ts';
import { concurrencyLimits } from './rules/concurrency-limits.ts';
import { deadLetterAlarm } from './rules/dead-letter-alarm.ts';
import { deadLetterQueue } from './rules/dead-letter-queue.ts';
import { deadLetterRetention } from './rules/dead-letter-retention.ts';
import { fargateVcpus } from './rules/fargate-vcpus.ts';
import { functionLimits } from './rules/function-limits.ts';
import { inFlight } from './rules/in-flight.ts';
import { maxReceives } from './rules/max-receives.ts';
import { payloadLifetime } from './rules/payload-lifetime.ts';
import { provisionedMode } from './rules/provisioned-mode.ts';
import { queueExists } from './rules/queue-exists.ts';
import { queueLimits } from './rules/queue-limits.ts';
import { queueServed } from './rules/queue-served.ts';
import { queueUnused } from './rules/queue-unused.ts';
import { recursiveLoop } from './rules/recursive-loop.ts';
import { reservedConcurrency } from './rules/reserved-concurrency.ts';
import { retention } from './rules/retention.ts';
import { routeUnused } from './rules/route-unused.ts';
import { schedulerRate } from './rules/scheduler-rate.ts';
import { stopTimeout } from './rules/stop-timeout.ts';
import { tableTtl } from './rules/table-ttl.ts';
import { taskRunner } from './rules/task-runner.ts';
import { taskSoftLimit } from './rules/task-soft-limit.ts';
import { taskTimeLimit } from './rules/task-time-limit.ts';
import { visibilityRenewal } from './rules/visibility-renewal.ts';
import { visibilityTimeout } from './rules/visibility-timeout.ts';

/** Every rule, in the order in which a report has them: tasks, queues, who serves them, beat, the account. */
export const rules: readonly Rule[] = [
  queueExists,
  queueUnused,
  routeUnused,
  taskRunner,
  taskTimeLimit,
  taskSoftLimit,
  queueLimits,
  visibilityTimeout,
  visibilityRenewal,
  retention,
  deadLetterQueue,
  deadLetterRetention,
  deadLetterAlarm,
  maxReceives,
  queueServed,
  batchFailures,
  batchSize,
  batchTime,
  concurrencyLimits,
  provisionedMode,
  inFlight,
  functionLimits,
  recursiveLoop,
  reservedConcurrency,
  accountConcurrency,
  stopTimeout,
  fargateVcpus,
  beatTask,
  beatRate,
  schedulerRate,
  tableTtl,
  payloadLifetime,
];
