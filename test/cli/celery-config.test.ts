import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { Tallo } from 'tallo';
import { describe, expect, test } from 'vitest';
import { celerySettings } from '../../cli/celery/celery-settings.ts';
import { findPlace } from '../../cli/celery/place.ts';
import { taskRoutes } from '../../cli/celery/task-routes.ts';
import { pythonLiteral } from '../../cli/celery/write-settings.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { givenCloud, shopFile } from './cloud.ts';
import { createProject } from './project.ts';
import { tallo } from './tallo.ts';

const config = (...args: readonly string[]) => ['celery-config', ...args];
const onAws = ['--region', 'eu-west-1', '--account', '123456789012'];

const routed = `import { Tallo } from 'tallo';
export const app = new Tallo('store', {
  queues: { emails: {}, python: { runOn: 'celery' } },
  routes: [{ 'emails.*': 'emails', 'py.*': { queue: 'python' } }, () => undefined],
  resultExpires: '2h',
});
app.task('reports.daily', { queue: 'emails' }, () => 1);
`;

describe('tallo celery-config', () => {
  test('knows the lanes of a queue by names of their own', () => {
    const app = new Tallo('store', { queues: { default: {}, pages: { lanes: 3 } } });
    const settings = celerySettings(app, findPlace({ region: 'eu-west-1', account: '123456789012' }, {}));
    const { value } = settings.find(({ name }) => name === 'broker_transport_options') ?? {};
    const url = (queue: string) => ({ url: `https://sqs.eu-west-1.amazonaws.com/123456789012/${queue}` });

    expect(value).toMatchObject({
      predefined_queues: {
        default: url('store-default'),
        pages: url('store-pages'),
        'pages-urgent': url('store-pages-urgent'),
        'pages-low': url('store-pages-low'),
      },
    });
  });

  test('prints settings in Python for AWS', async () => {
    const { folder } = createProject({ 'tasks.ts': routed });

    const run = await tallo(config(...onAws), { cwd: folder });

    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toBe(`\
# Celery 5.6 and the Tallo app 'store': these lines belong into celeryconfig.py, which
# app.config_from_object('celeryconfig') reads. Needs: pip install "celery[sqs,dynamodb]"
broker_url = "sqs://"
# The queues of the app, by the names that it gives them. Celery neither lists nor creates any.
broker_transport_options = {
    "region": "eu-west-1",
    "predefined_queues": {
        "default": {"url": "https://sqs.eu-west-1.amazonaws.com/123456789012/store-default"},
        "emails": {"url": "https://sqs.eu-west-1.amazonaws.com/123456789012/store-emails"},
        "python": {"url": "https://sqs.eu-west-1.amazonaws.com/123456789012/store-python"},
    },
}
# A worker takes what is in its queues, whoever it is meant for. Start one in Python with -Q python only.
task_default_queue = "default"
# The app also routes by a function, which cannot be printed: write a router of your own for those calls.
task_routes = {
    "reports.daily": {"queue": "emails"},
    "emails.*": {"queue": "emails"},
    "py.*": {"queue": "python"},
}
# Needs dynamodb:DescribeTable and dynamodb:DescribeTimeToLive, beside GetItem and PutItem.
result_backend = "dynamodb://@eu-west-1/store-tasks?ttl_seconds=7200"
task_serializer = "json"
result_serializer = "json"
accept_content = ["json"]
task_ignore_result = False
`);
  });

  test("prints Django's names for the same values with --django", async () => {
    const named = [...onAws, '--json', '--app', shopFile];
    const [plain, django, code] = await Promise.all([
      tallo(config(...named)),
      tallo(config(...named, '--django')),
      tallo(config(...onAws, '--app', shopFile, '--django')),
    ]);

    const expected = Object.entries(JSON.parse(plain.stdout)).map(([name, value]) => [
      `CELERY_${name.toUpperCase()}`,
      value,
    ]);
    expect(JSON.parse(django.stdout)).toEqual(Object.fromEntries(expected));
    expect(code.stdout).toContain('\nCELERY_BROKER_URL = "sqs://"\n');
    expect(code.stdout).toContain("app.config_from_object('django.conf:settings', namespace='CELERY')");
  });

  test('leads to the local cloud where AWS_ENDPOINT_URL is set', async () => {
    const { env, url } = await givenCloud({ worker: false });
    const run = await tallo(config('--json', '--app', shopFile), { env });

    const settings = JSON.parse(run.stdout);
    const { host } = new URL(url);
    expect(settings).toMatchObject({
      broker_url: `sqs://test:test@${host}`,
      broker_transport_options: { region: 'us-east-1', is_secure: false },
      result_backend: 'dynamodb://test:test@us-east-1/shop-tasks?ttl_seconds=86400',
      dynamodb_endpoint_url: url,
    });
    const { default: first, ...others } = settings.broker_transport_options.predefined_queues;
    expect(first).toEqual({ url: `${url}/000000000000/shop-default` });
    expect(Object.keys(others)).toEqual(['emails']);
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    using sqs = {
      client: new SQSClient({ region: 'us-east-1', endpoint: url, credentials }),
      [Symbol.dispose]() {
        this.client.destroy();
      },
    };
    const known = await sqs.client.send(
      new GetQueueAttributesCommand({ QueueUrl: first.url, AttributeNames: ['QueueArn'] }),
    );
    expect(known.Attributes?.QueueArn).toMatch(/:shop-default$/);
  });

  test.each([
    ['no region', ['--account', '123456789012'], /region of the app's queues, got none.*--region/],
    ['no account', ['--region', 'eu-west-1'], /account of the app, 12 digits, got none.*--account <id>/],
    ['an odd account', ['--region', 'eu-west-1', '--account', '12'], /12 digits, got '12'/],
    ['an odd region', ['--region', 'Ireland"', '--account', '123456789012'], /got 'Ireland"'/],
  ])('ends with 2 for %s', async (_what, args, message) => {
    const run = await tallo(config(...args, '--app', shopFile));

    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toMatch(message);
  });
});

describe('the place', () => {
  test.each([
    [
      'AWS',
      { AWS_REGION: 'eu-west-1', AWS_ACCOUNT_ID: '123456789012' },
      'https://sqs.eu-west-1.amazonaws.com/123456789012/',
    ],
    [
      "Python's own variable",
      { AWS_DEFAULT_REGION: 'us-west-2', AWS_ACCOUNT_ID: '123456789012' },
      'https://sqs.us-west-2.amazonaws.com/123456789012/',
    ],
    [
      'China',
      { AWS_REGION: 'cn-north-1', AWS_ACCOUNT_ID: '123456789012' },
      'https://sqs.cn-north-1.amazonaws.com.cn/123456789012/',
    ],
    [
      'an emulator',
      { AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: 'http://localstack:4566/' },
      'http://localstack:4566/000000000000/',
    ],
    [
      'an emulator beside an account',
      { AWS_REGION: 'x', AWS_ENDPOINT_URL: 'http://emulator', AWS_ACCOUNT_ID: '123456789012' },
      'http://emulator/000000000000/',
    ],
    [
      'one service elsewhere',
      { AWS_REGION: 'x', AWS_ENDPOINT_URL_SQS: 'https://sqs.test', AWS_ENDPOINT_URL: 'http://other' },
      'https://sqs.test/000000000000/',
    ],
  ])('of queues: %s', (_what, environment, url) => {
    expect(findPlace({}, environment).queuesUrl).toBe(url);
  });

  test('is what the options say rather than the environment', () => {
    const environment = { AWS_REGION: 'eu-west-1', AWS_ACCOUNT_ID: '123456789012' };
    const local = { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' };
    const where = { region: 'us-east-2', account: '999999999999' };

    expect(findPlace(where, environment).queuesUrl).toBe('https://sqs.us-east-2.amazonaws.com/999999999999/');
    expect(findPlace(where, local)).toMatchObject({
      region: 'us-east-2',
      queuesUrl: 'http://127.0.0.1:4566/999999999999/',
    });
  });

  test('has no password of its own unless any would do', () => {
    const own = { AWS_ACCESS_KEY_ID: 'mine', AWS_SECRET_ACCESS_KEY: 'secret' };
    const loopback = { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' };
    const elsewhere = { AWS_ENDPOINT_URL: 'http://emulator:4566', AWS_REGION: 'x' };

    expect(findPlace({}, loopback).sqs.login).toBe('test:test');
    expect(findPlace({}, { ...loopback, ...own }).sqs.login).toBe('');
    expect(findPlace({}, elsewhere).sqs.login).toBe('');
  });

  test('of one service may be AWS while the other one is local', () => {
    const app = new Tallo('store');
    const aws = { AWS_REGION: 'eu-west-1', AWS_ACCOUNT_ID: '123456789012' };
    const valuesAt = (environment: Record<string, string>) =>
      Object.fromEntries(
        celerySettings(app, findPlace({}, { ...aws, ...environment })).map(({ name, value }) => [
          name,
          value,
        ]),
      );

    const localQueues = valuesAt({ AWS_ENDPOINT_URL_SQS: 'https://127.0.0.1:4566' });
    expect(localQueues).toMatchObject({
      broker_url: 'sqs://test:test@127.0.0.1:4566',
      broker_transport_options: { is_secure: true },
      result_backend: 'dynamodb://@eu-west-1/store-tasks?ttl_seconds=86400',
    });
    expect(localQueues).not.toHaveProperty('dynamodb_endpoint_url');
    expect(valuesAt({ AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000/' })).toMatchObject({
      broker_url: 'sqs://',
      dynamodb_endpoint_url: 'http://127.0.0.1:8000',
      result_backend: 'dynamodb://test:test@eu-west-1/store-tasks?ttl_seconds=86400',
    });
  });

  test('must be known', () => {
    expect(() => findPlace({}, {})).toThrow(UsageError);
    expect(() => findPlace({}, { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_PROFILE: 'mine' })).toThrow(
      /region/,
    );
  });
});

describe('task_routes', () => {
  /** As celery/app/routes.py looks a task up: whole names first, then patterns in their order. */
  function celeryRoute(
    routes: Readonly<Record<string, { queue: string }>>,
    task: string,
  ): string | undefined {
    if (Object.hasOwn(routes, task)) return routes[task]?.queue;
    const patterns = Object.entries(routes).filter(([key]) => key.includes('*'));
    return patterns.find(([key]) => fnmatch(key).test(task))?.[1].queue;
  }

  /** As Python's fnmatch translates a pattern, of which `[x]` is all that is used here. */
  function fnmatch(pattern: string): RegExp {
    const source = pattern.replace(/\[(.)\]|\*|\?|[^*?[]/g, (token, one?: string) => {
      if (one !== undefined) return `\\u{${one.charCodeAt(0).toString(16)}}`;
      if (token === '*') return '.*';
      return token === '?' ? '.' : `\\u{${token.charCodeAt(0).toString(16)}}`;
    });
    return new RegExp(`^${source}$`, 'su');
  }

  test('lead where the routes of the app lead', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', '.', '*', '?', '['), { maxLength: 4 })
      .map((all) => all.join(''));
    const queue = fc.constantFrom('one', 'two', 'three');
    const target = fc.oneof(
      queue,
      queue.map((name) => ({ queue: name })),
    );
    const patterns = fc.dictionary(text, target, { maxKeys: 5, noNullPrototype: true });
    const routes = fc.oneof(patterns, fc.array(fc.oneof(patterns, fc.array(patterns)), { maxLength: 4 }));
    const task = text.map((name) => name.replaceAll('*', 'a'));

    fc.assert(
      fc.property(routes, fc.array(task, { minLength: 5 }), (given, tasks) => {
        const app = new Tallo('routes', { queues: { one: {}, two: {}, three: {} }, routes: given });
        const printed = taskRoutes(app).routes;
        for (const name of tasks) {
          const route = app.settings.route(name, []);
          expect(celeryRoute(printed, name)).toBe(typeof route === 'object' ? route.queue : route);
        }
      }),
      { numRuns: 1_000, seed: 20_261_120 },
    );
  });

  test("put a task's own queue before what the routes say", () => {
    const app = new Tallo('routes', { queues: { one: {}, two: {} }, routes: { 'a.*': 'one', 'a.b': 'one' } });
    app.task('a.b', { queue: 'two' }, () => 1);

    expect(taskRoutes(app).routes).toEqual({ 'a.b': { queue: 'two' }, 'a.*': { queue: 'one' } });
  });

  test('count the functions, wherever they stand', () => {
    const app = new Tallo('routes', { routes: [() => undefined, [{ 'a.*': 'default' }, () => undefined]] });

    expect(taskRoutes(app)).toEqual({ routes: { 'a.*': { queue: 'default' } }, functions: 2 });
    expect(taskRoutes(new Tallo('routes', { routes: () => undefined })).functions).toBe(1);
  });
});

test('values are written as Python writes them', () => {
  const value = { text: 'it\'s "x"\n\\ \u0000año', none: null, list: [true, false, 1.5, []], empty: {} };

  expect(pythonLiteral(value)).toBe(
    '{\n    "text": "it\'s \\"x\\"\\n\\\\ \\u0000año",\n    "none": None,\n    "list": [True, False, 1.5, []],\n    "empty": {},\n}',
  );
});
