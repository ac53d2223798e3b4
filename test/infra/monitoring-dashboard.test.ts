import { Duration, Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { Color, type IMetric, type MetricConfig } from 'aws-cdk-lib/aws-cloudwatch';
import { describe, expect, test } from 'vitest';
import { deployed, store } from './stacks.ts';

const queues = { default: {}, emails: { lanes: 3, concurrency: 9 }, own: { runOn: 'server' } } as const;

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly alarms?: readonly string[];
    readonly metrics?: readonly (readonly unknown[])[];
  };
}

/** The widgets of the only dashboard, with references as `<their logical id>`. */
function widgetsOf(template: Template): readonly Widget[] {
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  return JSON.parse(joined(dashboard?.Properties.DashboardBody)).widgets;
}

function joined(body: { readonly 'Fn::Join': readonly [string, readonly (string | object)[]] }): string {
  const [, parts] = body['Fn::Join'];
  return parts
    .map((part) => (typeof part === 'string' ? part : `<${Object.values(part).flat()[0]}>`))
    .join('');
}

describe('the dashboard', () => {
  const { template } = deployed({ app: store({ queues }) });
  const widgets = widgetsOf(template());
  const rows = Object.values(Object.groupBy(widgets, ({ y }) => y)).map((row = []) =>
    row.map(({ properties }) => properties.markdown ?? properties.title),
  );

  test('shows what went wrong on top, then every queue, the schedules, the table', () => {
    const ofFunction = ['Invocations | failed, throttled', 'Duration, ms | at once'];
    const ofQueue = ['Calls', 'Oldest call, s'];
    expect(rows).toEqual([
      ['Alarms'],
      ['Dead letters', 'Waiting calls', 'Oldest call, s'],
      ['## default'],
      [...ofQueue, ...ofFunction],
      ['## emails'],
      [...ofQueue, ...ofFunction],
      ['## own'],
      ofQueue,
      ['## Schedules and far calls'],
      ['Rings | refused, dropped', ...ofFunction],
      ['## Results'],
      ['Consumed units', 'Throttled', 'Conditions not met'],
    ]);
  });

  test('has no widget beyond its 24 columns, or on another one', () => {
    const cells = widgets.flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, i) => `${x + (i % width)},${y + Math.floor(i / width)}`),
    );

    expect(Math.max(...widgets.map(({ x, width }) => x + width))).toBe(24);
    expect(new Set(cells).size).toBe(cells.length);
  });

  test('has every alarm', () => {
    const [first] = widgets;

    expect(first?.properties.alarms).toHaveLength(
      Object.keys(template().findResources('AWS::CloudWatch::Alarm')).length,
    );
  });

  test.each([
    [
      '## emails',
      'AWS/Lambda',
      'TasksemailsConsumerWorkerFunction',
      [
        'Invocations Sum',
        'Errors Sum',
        'Throttles Sum',
        'Duration p50',
        'Duration p99',
        'ConcurrentExecutions Maximum',
      ],
    ],
    [
      '## default',
      'AWS/SQS',
      'TasksdefaultNormal',
      [
        'ApproximateNumberOfMessagesVisible Maximum',
        'ApproximateNumberOfMessagesNotVisible Maximum',
        'ApproximateNumberOfMessagesDelayed Maximum',
        'ApproximateAgeOfOldestMessage Maximum',
      ],
    ],
    [
      '## Results',
      'AWS/DynamoDB',
      'TasksTable',
      [
        'ConsumedReadCapacityUnits Sum',
        'ConsumedWriteCapacityUnits Sum',
        'ReadThrottleEvents Sum',
        'WriteThrottleEvents Sum',
        'ConditionalCheckFailedRequests Sum',
      ],
    ],
  ])('%s has the metrics of %s', (...[heading, namespace, resource, expected]) => {
    const { y = 0 } = widgets.find(({ properties }) => properties.markdown === heading) ?? {};
    const metrics = widgets
      .filter((widget) => widget.y === y + 1)
      .flatMap(({ properties }) => properties.metrics ?? []);
    const ofResource = metrics.filter(
      ([space, , , dimension]) => space === namespace && String(dimension).startsWith(`<${resource}`),
    );

    expect(ofResource.map((metric) => `${metric[1]} ${Object(metric.at(-1)).stat}`)).toEqual(expected);
  });

  test('is called after the deployment and its region: the account has one set of names', () => {
    const prod = deployed({ stage: 'prod', stack: { env: { region: 'eu-west-1' } } });

    prod
      .template()
      .hasResourceProperties('AWS::CloudWatch::Dashboard', { DashboardName: 'store-prod-eu-west-1' });
  });

  test('can be left out, and can be without alarms', () => {
    const none = deployed({ dashboard: false });
    none.template().resourceCountIs('AWS::CloudWatch::Dashboard', 0);
    expect(none.runner.dashboard).toBeUndefined();

    const bare = widgetsOf(deployed({ alarms: false }).template());
    expect(bare.map(({ type }) => type)).not.toContain('alarm');
  });
});

describe('the metrics of a queue', () => {
  const { runner } = deployed({ app: store({ queues }) });
  const plain = (metric: IMetric) => describedMetric(metric.toMetricConfig());

  function describedMetric({ metricStat, mathExpression, renderingProperties }: MetricConfig): unknown {
    if (metricStat) {
      const { namespace, metricName, dimensions = [], statistic, period } = metricStat;
      const [queue] = dimensions.map(({ value }) => JSON.stringify(Stack.of(runner).resolve(value)));
      return {
        namespace,
        metricName,
        queue,
        statistic,
        seconds: period.toSeconds(),
        label: renderingProperties?.label,
      };
    }
    const { expression, usingMetrics = {} } = mathExpression ?? {};
    return { expression, lanes: Object.values(usingMetrics).map(plain), label: renderingProperties?.label };
  }

  test.each([
    ['metricDepth', 'ApproximateNumberOfMessagesVisible', 'Normal'],
    ['metricInFlight', 'ApproximateNumberOfMessagesNotVisible', 'Normal'],
    ['metricDelayed', 'ApproximateNumberOfMessagesDelayed', 'Normal'],
    ['metricOldestMessage', 'ApproximateAgeOfOldestMessage', 'Normal'],
    ['metricDeadLetters', 'ApproximateNumberOfMessagesVisible', 'DeadLetters'],
  ] as const)('%s of one lane is the metric of its SQS queue', (method, metricName, resource) => {
    const queue = runner.queue('default');
    const expected = {
      namespace: 'AWS/SQS',
      metricName,
      queue: expect.stringMatching(
        new RegExp(`^{"Fn::GetAtt":\\["Tasksdefault${resource}\\w{8}","QueueName"\\]}$`),
      ),
      statistic: 'Maximum',
    };

    expect(plain(queue[method]())).toEqual({ ...expected, seconds: 300, label: undefined });
    expect(plain(queue[method]({ period: Duration.minutes(1), label: 'now', statistic: 'Average' }))).toEqual(
      {
        ...expected,
        statistic: 'Average',
        seconds: 60,
        label: 'now',
      },
    );
  });

  test.each([
    ['metricDepth', 'SUM', 'ApproximateNumberOfMessagesVisible'],
    ['metricInFlight', 'SUM', 'ApproximateNumberOfMessagesNotVisible'],
    ['metricDelayed', 'SUM', 'ApproximateNumberOfMessagesDelayed'],
    ['metricOldestMessage', 'MAX', 'ApproximateAgeOfOldestMessage'],
  ] as const)('%s of several lanes is their %s', (method, together, metricName) => {
    const options = { period: Duration.minutes(1), label: 'emails', color: Color.BLUE };
    const metric = plain(runner.queue('emails')[method](options));

    expect(metric).toMatchObject({
      expression: expect.stringMatching(new RegExp(`^${together}\\(\\[(FILL\\(\\w+, 0\\)(, )?){3}\\]\\)$`)),
      label: 'emails',
      lanes: ['Urgent', 'Normal', 'Low'].map((lane) => ({
        metricName,
        seconds: 60,
        queue: expect.stringContaining(`Tasksemails${lane}`),
      })),
    });
  });

  test('an alarm can be made of them', () => {
    const { stack, runner: another, template } = deployed({ app: store({ queues }), alarms: false });
    another
      .queue('emails')
      .metricDepth({ period: Duration.minutes(1) })
      .createAlarm(stack, 'Many', {
        threshold: 1_000,
        evaluationPeriods: 1,
      });

    template().hasResourceProperties('AWS::CloudWatch::Alarm', { Threshold: 1_000 });
  });
});
