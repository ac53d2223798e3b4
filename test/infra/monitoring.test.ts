import { Duration, Stack } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { type AppOptions, crontab, type ScheduleLike, Tallo } from 'tallo';
import { describe, expect, test } from 'vitest';
import { deployed, store } from './stacks.ts';

/** The alarms of a template by their names. */
function alarmsIn(template: Template): Readonly<Record<string, Record<string, unknown>>> {
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
  return Object.fromEntries(alarms.map(({ Properties }) => [Properties.AlarmName, Properties]));
}

const queues = {
  default: {},
  emails: { lanes: 2, concurrency: 10 },
  python: { runOn: 'celery' },
  own: { runOn: 'server' },
} as const;
const usual = deployed({ app: store({ queues }) });
const alarms = alarmsIn(usual.template());

/** How the template refers to a resource: by the beginning of its logical id. */
function reference(id: string, attribute?: string): unknown {
  const wanted = Match.stringLikeRegexp(`^Tasks${id}[0-9A-F]{8}$`);
  return attribute === undefined ? { Ref: wanted } : { 'Fn::GetAtt': [wanted, attribute] };
}

/** Expects an alarm of the usual stack. */
function expectAlarm(name: string, properties: Readonly<Record<string, unknown>>): void {
  usual
    .template()
    .hasResourceProperties('AWS::CloudWatch::Alarm', Match.objectLike({ AlarmName: name, ...properties }));
}

describe('by default there is an alarm for', () => {
  test('what can go wrong with each queue, and nothing else', () => {
    expect(Object.keys(alarms).sort()).toEqual([
      'store-default.dead-letters',
      'store-default.errors',
      'store-default.oldest-message',
      'store-default.throttles',
      'store-emails-urgent.oldest-message',
      'store-emails.dead-letters',
      'store-emails.errors',
      'store-emails.oldest-message',
      'store-emails.throttles',
      'store-own.dead-letters',
      'store-own.oldest-message',
      'store-python.dead-letters',
      'store-python.oldest-message',
      'store.beat-errors',
      'store.beat-silent',
      'store.beat-throttles',
      'store.scheduler-errors',
      'store.undelivered',
    ]);
  });

  test.each([
    ['store-emails.dead-letters', 'emailsDeadLetters'],
    ['store-python.dead-letters', 'pythonDeadLetters'],
    ['store.undelivered', 'SchedulerUndelivered'],
  ])('the first message where nothing should lie: %s', (name, queue) => {
    expectAlarm(name, {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: reference(queue, 'QueueName') }],
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
  });

  test.each([
    // 15 minutes of delay, a run of 32 s, a visibility of 192 s.
    ['store-emails-urgent.oldest-message', 'emailsUrgent', 1_200],
    ['store-emails.oldest-message', 'emailsNormal', 1_200],
    // The same of a queue with runs of an hour.
    ['store-own.oldest-message', 'ownNormal', 4_800],
  ])('a call that is too old, lane by lane: %s', (name, lane, threshold) => {
    expectAlarm(name, {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateAgeOfOldestMessage',
      Dimensions: [{ Name: 'QueueName', Value: reference(lane, 'QueueName') }],
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 3,
      Threshold: threshold,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
  });

  test.each([
    ['store-emails.errors', 'Errors', 'emailsConsumerWorkerFunction', [60, 1, 1]],
    ['store-emails.throttles', 'Throttles', 'emailsConsumerWorkerFunction', [300, 3, 1]],
    ['store.beat-errors', 'Errors', 'SchedulerBeatFunction', [300, 1, 3]],
    ['store.beat-throttles', 'Throttles', 'SchedulerBeatFunction', [300, 3, 1]],
  ])('%s of a function', (...[name, metric, fn, [period, periods, threshold]]) => {
    expectAlarm(name, {
      Namespace: 'AWS/Lambda',
      MetricName: metric,
      Dimensions: [{ Name: 'FunctionName', Value: reference(fn) }],
      Statistic: 'Sum',
      Period: period,
      EvaluationPeriods: periods,
      Threshold: threshold,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
  });

  test('what EventBridge Scheduler cannot deliver', () => {
    expectAlarm('store.scheduler-errors', {
      Namespace: 'AWS/Scheduler',
      MetricName: 'TargetErrorCount',
      Dimensions: [{ Name: 'ScheduleGroup', Value: 'store' }],
      Statistic: 'Sum',
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 1,
      TreatMissingData: 'notBreaching',
    });
  });

  test('a beat that is silent, without data too', () => {
    // The daily entry leaves 24 h; 15 minutes more, and two hours that are not whole.
    expectAlarm('store.beat-silent', {
      Metrics: Match.arrayWith([
        Match.objectLike({ Expression: 'FILL(wakes, 0)', ReturnData: true }),
        Match.objectLike({
          Id: 'wakes',
          MetricStat: {
            Metric: {
              Namespace: 'AWS/Lambda',
              MetricName: 'Invocations',
              Dimensions: [{ Name: 'FunctionName', Value: reference('SchedulerBeatFunction') }],
            },
            Period: 3_600,
            Stat: 'Sum',
          },
        }),
      ]),
      EvaluationPeriods: 26,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  test('each says what has happened, and where it stands what to do', () => {
    for (const [name, { AlarmDescription }] of Object.entries(alarms)) {
      const [, chapter] = name.split('.');
      expect(AlarmDescription).toMatch(
        new RegExp(`^[A-Z].{40,}\\. What to do: docs/deploy\\.md#${chapter} `),
      );
    }
  });
});

describe('the alarms follow the app', () => {
  const namesOf = (options: AppOptions) =>
    Object.keys(alarmsIn(deployed({ app: store(options) }).template()));

  test('a queue that is removed takes its alarms with it', () => {
    expect(
      namesOf({ queues: { default: {}, emails: {} } }).filter((name) => name.includes('emails')),
    ).toHaveLength(4);
    expect(namesOf({}).filter((name) => name.includes('emails'))).toEqual([]);
  });

  test('a time limit moves the age at which a call is too old', () => {
    const { template } = deployed({
      app: store({ queues: { default: { timeLimit: '10m', batchWindow: '1m' } } }),
    });

    // 900 + 60 + 602 + 3,612, rounded up.
    expect(alarmsIn(template())['store-default.oldest-message']).toMatchObject({ Threshold: 5_400 });
  });

  test('a stage is part of their names', () => {
    const { template } = deployed({ stage: 'prod' });

    expect(alarmsIn(template())).toHaveProperty(['store-prod-default.dead-letters']);
    expect(alarmsIn(template())).toHaveProperty(['store-prod.beat-silent']);
  });
});

describe('beat is watched', () => {
  type Fields = Parameters<typeof crontab>[0];

  function silenceOf(add: (app: Tallo) => void, props: Parameters<typeof deployed>[0] = {}) {
    const app = new Tallo('store');
    add(app);
    const silent = alarmsIn(deployed({ app, ...props }).template())['store.beat-silent'];
    return silent && [JSON.stringify(silent.Metrics).match(/"Period":(\d+)/)?.[1], silent.EvaluationPeriods];
  }

  function entries(schedules: Readonly<Record<string, Fields | `${number}s`>>, enabled = true) {
    return (app: Tallo) => {
      const report = app.task('report', () => 1);
      const read = (schedule: Fields | `${number}s`): ScheduleLike =>
        typeof schedule === 'string' ? schedule : crontab(schedule);
      for (const [name, schedule] of Object.entries(schedules)) {
        app.beat({ [name]: { task: report, schedule: read(schedule), enabled } });
      }
    };
  }

  test.each([
    ['every minute: for 17 minutes', { a: {} }, ['60', 17]],
    ['every ten seconds: a wake a minute', { a: '10s' }, ['60', 17]],
    ['every hour', { a: { minute: 0 } }, ['60', 76]],
    ['every three hours', { a: { minute: 0, hour: '*/3' } }, ['300', 40]],
    ['on working days: over the weekend', { a: { minute: 0, hour: 8, dayOfWeek: 'mon-fri' } }, ['3600', 74]],
    [
      'by its busiest entry',
      { rare: { minute: 0, hour: 0, dayOfMonth: 1 }, busy: { minute: '*/5' } },
      ['60', 21],
    ],
  ] as const)('%s', (_, schedules, expected) => {
    expect(silenceOf(entries(schedules))).toEqual(expected);
  });

  test('an hour longer where the clocks change', () => {
    const daily = { minute: 0, hour: 8, timezone: 'Europe/Madrid' };
    expect(silenceOf(entries({ daily }))).toEqual(['3600', 27]);

    const inMadrid = (fields: Fields) => (app: Tallo) => {
      const report = app.task('report', () => 1);
      app.beat({ a: { task: report, schedule: crontab(fields), timezone: 'Europe/Madrid' } });
    };
    expect(silenceOf(inMadrid({ minute: 0, hour: 8 }))).toEqual(['3600', 27]);
    // Its slots leave out an hour in autumn, its wakes do not.
    expect(silenceOf(inMadrid({}))).toEqual(['60', 17]);
  });

  test('not where CloudWatch cannot look back so far: weekly, monthly, once, never', () => {
    expect(silenceOf(entries({ weekly: { minute: 0, hour: 0, dayOfWeek: 'mon' } }))).toBeUndefined();
    expect(silenceOf(entries({ monthly: { minute: 0, hour: 0, dayOfMonth: 1 } }))).toBeUndefined();
    expect(silenceOf(() => undefined)).toBeUndefined();
    const once = (app: Tallo) =>
      app.beat({ once: { task: app.task('report', () => 1), schedule: new Date('2100-01-01') } });
    expect(silenceOf(once)).toBeUndefined();
  });

  test('not where nothing is to wake it: switched off, or paused', () => {
    expect(silenceOf(entries({ a: {} }, false))).toBeUndefined();
    expect(silenceOf(entries({ a: {} }), { beat: 'paused' })).toBeUndefined();
  });
});

describe('the alarms can be told', () => {
  test('whom to call when they go off, and when they are over', () => {
    const topics = new Stack();
    const call = (name: string) =>
      new SnsAction(Topic.fromTopicArn(topics, name, `arn:aws:sns:eu-west-1:123456789012:${name}`));
    const { template } = deployed({
      alarms: { actions: [call('pager'), call('chat')], okActions: [call('calm')] },
    });

    for (const alarm of Object.values(alarmsIn(template()))) {
      expect(alarm.AlarmActions).toEqual([
        'arn:aws:sns:eu-west-1:123456789012:pager',
        'arn:aws:sns:eu-west-1:123456789012:chat',
      ]);
      expect(alarm.OKActions).toEqual(['arn:aws:sns:eu-west-1:123456789012:calm']);
    }
    expect(alarms['store.undelivered']).not.toHaveProperty('AlarmActions');
  });

  test('other thresholds', () => {
    const { template } = deployed({
      app: store({ queues }),
      alarms: { oldestMessage: Duration.hours(2), errors: 5, throttles: 7 },
      queues: { emails: { oldestMessage: Duration.minutes(5) } },
    });
    const found = alarmsIn(template());

    expect(found['store-default.oldest-message']).toMatchObject({ Threshold: 7_200 });
    expect(found['store-emails.oldest-message']).toMatchObject({ Threshold: 300 });
    expect(found['store-emails-urgent.oldest-message']).toMatchObject({ Threshold: 300 });
    expect(found['store-default.errors']).toMatchObject({ Threshold: 5 });
    expect(found['store-default.throttles']).toMatchObject({ Threshold: 7 });
    expect(found['store.beat-throttles']).toMatchObject({ Threshold: 7 });
  });

  test('to be none', () => {
    const { runner, template } = deployed({ alarms: false });

    template().resourceCountIs('AWS::CloudWatch::Alarm', 0);
    expect(runner.alarms).toEqual([]);
  });

  test.each([
    [
      { oldestMessage: Duration.seconds(59) },
      "Expected oldestMessage of queue 'default' to be from 1 minute to 14 days, got 59 seconds. Older calls are deleted by SQS.",
    ],
    [
      { oldestMessage: Duration.days(15) },
      "Expected oldestMessage of queue 'default' to be from 1 minute to 14 days, got 15 days. Older calls are deleted by SQS.",
    ],
    [{ errors: 0 }, 'Expected errors to be a whole number from 1 up, got 0.'],
    [{ throttles: 1.5 }, 'Expected throttles to be a whole number from 1 up, got 1.5.'],
  ])('nothing impossible: %j', (settings, message) => {
    expect(() => deployed({ alarms: settings })).toThrow(message);
  });
});
