import fc from 'fast-check';
import { type QueueOptions, Tallo } from 'tallo';
import type { TaskRunnerProps } from 'tallo/infra';
import { describe, expect, test } from 'vitest';
import { scalingSteps } from '../../infra/long-tasks/scaling-steps.ts';
import { deployed } from './stacks.ts';

function templateOf(options: QueueOptions = {}, props: Partial<TaskRunnerProps> = {}) {
  const app = new Tallo('studio', { queues: { default: {}, videos: { runOn: 'fargate', ...options } } });
  return deployed({ app, ...props }).template();
}

/** The policies of the template, each with the alarm that calls it. */
function policiesOf(options: QueueOptions = {}, props: Partial<TaskRunnerProps> = {}) {
  const template = templateOf(options, props);
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => Properties,
  );
  const policies = Object.entries(template.findResources('AWS::ApplicationAutoScaling::ScalingPolicy')).map(
    ([id, { Properties }]) => ({
      ...Properties.StepScalingPolicyConfiguration,
      alarm: alarms.find(({ AlarmActions }) => AlarmActions?.[0]?.Ref === id),
    }),
  );
  const find = (type: string) => policies.find(({ AdjustmentType }) => AdjustmentType === type);
  const [target] = Object.values(template.findResources('AWS::ApplicationAutoScaling::ScalableTarget'));
  return {
    count: policies.length,
    work: find('ExactCapacity'),
    rest: find('ChangeInCapacity'),
    capacity: [target?.Properties.MinCapacity, target?.Properties.MaxCapacity],
  };
}

/** How many containers a policy wants, as Application Auto Scaling reads it: bounds count from the alarm's threshold. */
function wanted({ StepAdjustments, alarm }: ReturnType<typeof policiesOf>['work'], backlog: number) {
  const breach = backlog - alarm.Threshold;
  const step = StepAdjustments.find(
    ({ MetricIntervalLowerBound: lower = 0, MetricIntervalUpperBound: upper = Number.POSITIVE_INFINITY }) =>
      breach >= lower && breach < upper,
  );
  return step?.ScalingAdjustment;
}

describe('the number of containers', () => {
  test('follows from what waits and what runs together, each minute', () => {
    const { work, count } = policiesOf({ batchSize: 2, concurrency: 3 });

    expect(count).toBe(2);
    expect(work.alarm).toMatchObject({
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 1,
    });
    const [sum, ...parts] = work.alarm.Metrics;
    expect(sum.Expression).toBe('waiting + FILL(running, 0)');
    expect(
      parts.map((part: typeof sum) => [part.Id, part.MetricStat.Metric.MetricName, part.MetricStat.Period]),
    ).toEqual([
      ['waiting', 'ApproximateNumberOfMessagesVisible', 60],
      ['running', 'ApproximateNumberOfMessagesNotVisible', 60],
    ]);
    // One for each two messages, and never more than three.
    expect([1, 2, 3, 4, 5, 6, 7, 100].map((backlog) => wanted(work, backlog))).toEqual([
      1, 1, 2, 2, 3, 3, 3, 3,
    ]);
  });

  test('goes to none when nothing has waited or run for five minutes', () => {
    const { rest, capacity } = policiesOf({ concurrency: 3 });

    expect(capacity).toEqual([0, 3]);
    expect(rest.StepAdjustments).toEqual([{ MetricIntervalUpperBound: 0, ScalingAdjustment: -3 }]);
    expect(rest.alarm).toMatchObject({
      Threshold: 0,
      ComparisonOperator: 'LessThanOrEqualToThreshold',
      EvaluationPeriods: 5,
    });
  });

  test('never falls for what is at work: one task that runs and one that waits are two containers, however many there were', () => {
    const { work } = policiesOf();

    // By what is visible alone this would be one more than the number wanted when the queue was empty: one, which is there and busy.
    expect(wanted(work, 1 + 1)).toBe(2);
    expect(work.AdjustmentType).toBe('ExactCapacity');
  });

  test('has nothing to do with how busy a processor is', () => {
    const types = Object.values(templateOf().findResources('AWS::ApplicationAutoScaling::ScalingPolicy')).map(
      ({ Properties }) => Properties.PolicyType,
    );

    expect(types).toEqual(['StepScaling', 'StepScaling']);
  });

  test('is 10 at most unless the queue says otherwise, and may have a least one', () => {
    expect(policiesOf().capacity).toEqual([0, 10]);
    expect(policiesOf({ concurrency: 25 }, { queues: { videos: { minContainers: 2 } } }).capacity).toEqual([
      2, 25,
    ]);
  });

  test.each([11, -1, 0.5])('cannot be %s at least where it is 10 at most', (minContainers) => {
    expect(() => policiesOf({}, { queues: { videos: { minContainers } } })).toThrow(
      `Queue 'videos': expected minContainers to be a whole number from 0 to its concurrency, 10, got ${minContainers}.`,
    );
  });

  test.each<[string, QueueOptions]>([
    ['concurrency', { concurrency: 7 }],
    ['batchSize', { batchSize: 3 }],
    ['memoryMiB', { memoryMiB: 8_192 }],
    ['cpuUnits', { cpuUnits: 512 }],
    ['visibilityTimeout', { visibilityTimeout: '5m' }],
    ['runOn', { runOn: 'server' }],
  ])('and everything else of a queue changes with its option %s', (_, options) => {
    expect(templateOf(options).toJSON()).not.toEqual(templateOf().toJSON());
  });
});

describe('steps, for any queue:', () => {
  const queue = fc.record({
    batchSize: fc.integer({ min: 1, max: 100 }),
    most: fc.integer({ min: 1, max: 1_000 }),
  });
  const countFor = (steps: ReturnType<typeof scalingSteps>, backlog: number) =>
    steps.find(({ lower = 0, upper = Number.POSITIVE_INFINITY }) => backlog >= lower && backlog < upper)
      ?.change ?? 0;

  test('there is room for every message, as far as there may be containers, and not much more', () => {
    fc.assert(
      fc.property(queue, fc.integer({ min: 0, max: 120_000 }), ({ batchSize, most }, backlog) => {
        const steps = scalingSteps({ batchSize, most });
        const needed = Math.min(most, Math.ceil(backlog / batchSize));
        const count = countFor(steps, backlog);
        expect(count).toBeGreaterThanOrEqual(needed);
        expect(count).toBeLessThanOrEqual(Math.max(needed, Math.ceil(needed * 1.6)));
        if (most <= 19) expect(count).toBe(needed);
      }),
    );
  });

  test('there are no more than a policy may have, without a gap or an overlap', () => {
    fc.assert(
      fc.property(queue, ({ batchSize, most }) => {
        const steps = scalingSteps({ batchSize, most });
        expect(steps.length).toBeGreaterThanOrEqual(2);
        expect(steps.length).toBeLessThanOrEqual(20);
        expect(steps.map(({ lower }) => lower)).toEqual([1, ...steps.slice(0, -1).map(({ upper }) => upper)]);
        expect(steps.at(-1)).toEqual({ lower: most * batchSize + 1, change: most });
      }),
    );
  });
});
