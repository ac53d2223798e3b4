/** From the least to the most, both allowed. */
export type Range = readonly [least: number, most: number];

/**
 * What AWS allows an account by default, as its pages said in November 2026. Most can be raised: `PreflightOptions` takes what yours has.
 * Look here first when AWS changes a figure; no rule has one of its own.
 */
export const quotas = {
  /** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html */
  sqs: {
    visibilitySeconds: [0, 43_200],
    retentionSeconds: [60, 1_209_600],
    receives: [1, 1_000],
    longestDelaySeconds: 900,
    /** Messages that were received and are neither deleted nor visible again, per standard queue. */
    inFlight: 120_000,
  },
  /** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
  functions: {
    timeoutSeconds: [1, 900],
    memoryMiB: [128, 10_240],
    /** Concurrent executions of all functions of a region. New accounts begin with 10. */
    accountConcurrency: 1_000,
    /** What must be left to functions without a reserved concurrency. */
    unreservedConcurrency: 100,
  },
  /** @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html */
  eventSource: {
    batchSize: [1, 10_000],
    /** Without a window. */
    batchSizeAtOnce: 10,
    batchWindowSeconds: [0, 300],
    maximumConcurrency: [2, 1_000],
    /** A shared poller begins with so many batches at once. */
    firstBatches: 5,
    minimumPollers: [2, 200],
    maximumPollers: [2, 2_000],
    batchesPerPoller: 10,
  },
  /** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html */
  scheduler: {
    /** `CreateSchedule`, a second, in those regions and in all others. */
    createsPerSecond: { large: 5_000, others: 250 },
    largeRegions: [
      'us-east-1',
      'us-east-2',
      'us-west-2',
      'ap-northeast-1',
      'ap-south-1',
      'ap-southeast-1',
      'ap-southeast-2',
      'eu-central-1',
      'eu-west-1',
      'eu-west-2',
      'sa-east-1',
    ],
  },
  /** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
  fargate: {
    /** Of all containers of a region together. */
    vcpus: 6,
    /** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html */
    stopTimeoutSeconds: [2, 120],
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Whether a number lies in a range. */
export function isWithin(value: number, [least, most]: Range): boolean {
  return value >= least && value <= most;
}
