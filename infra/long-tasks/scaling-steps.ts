import type { ScalingInterval } from 'aws-cdk-lib/aws-applicationautoscaling';

/** A policy has at most so many steps. @see https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-limits.html */
const mostSteps = 20;

/**
 * How many containers a backlog of messages wants: one for each `batchSize` of them, as far as `most`. A policy cannot have a step for each
 * of many containers, so that beyond the first few a step adds several, in proportion to what is there.
 */
export function scalingSteps({
  batchSize,
  most,
}: {
  readonly batchSize: number;
  readonly most: number;
}): ScalingInterval[] {
  // The CDK wants two steps at least: the last one, without an end, is for what is more than all containers can run.
  const counts = containerCounts(most, mostSteps - 1);
  const steps = counts.map((change, index) => {
    const before = counts[index - 1] ?? 0;
    return { lower: before * batchSize + 1, upper: change * batchSize + 1, change };
  });
  return [...steps, { lower: most * batchSize + 1, change: most }];
}

/** Growing numbers from 1 to `most`, at most so many of them, each about as many times the one before. */
function containerCounts(most: number, length: number): readonly number[] {
  const counts = [1];
  for (let left = length - 1; left > 0; left -= 1) {
    const last = counts.at(-1) ?? 1;
    if (last === most) break;
    const grown = Math.ceil(last * (most / last) ** (1 / left));
    counts.push(left === 1 ? most : Math.min(most, Math.max(last + 1, grown)));
  }
  return counts;
}
