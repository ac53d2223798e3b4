import { Tallo } from 'tallo';
import { describe, expect, test } from 'vitest';
import { servedQueues } from '../../cli/worker/served-queues.ts';
import { createProject } from '../cli/project.ts';
import { tallo } from '../cli/tallo.ts';

const store = new Tallo('store', {
  queues: {
    default: {},
    videos: { runOn: 'fargate' },
    prints: { runOn: 'server' },
    python: { runOn: 'celery' },
  },
});
const plain = new Tallo('plain', { queues: { default: {}, emails: {} } });
const foreign = new Tallo('foreign', { queues: { default: { runOn: 'celery' } } });

describe('a worker that is given no queues serves', () => {
  test.each([
    ['nothing, which is AWS', {}],
    ['a private way to AWS', { AWS_ENDPOINT_URL_SQS: 'https://vpce-1.sqs.eu-west-1.vpce.amazonaws.com' }],
    ['AWS in China', { AWS_ENDPOINT_URL: 'https://sqs.cn-north-1.amazonaws.com.cn' }],
    ['AWS by its newer names', { AWS_ENDPOINT_URL: 'https://sqs.eu-west-1.api.aws' }],
  ])('on %s, what no function serves', (_where, environment) => {
    expect(servedQueues(store, environment)).toEqual({ served: ['videos', 'prints'], left: ['default'] });
  });

  test.each([
    ['this machine', 'http://127.0.0.1:4566'],
    ['an emulator elsewhere', 'http://localstack:4566'],
  ])('on %s, all that is not for Python', (_where, url) => {
    expect(servedQueues(store, { AWS_ENDPOINT_URL: url })).toEqual({
      served: ['default', 'videos', 'prints'],
      left: [],
    });
  });

  test('on AWS, nothing where functions serve all, and says so', () => {
    expect(() => servedQueues(plain, {})).toThrow(
      "Expected --queues on AWS, where Lambda serves the queues of app 'plain' (default, emails). Name those that are to be served from here too, or give a queue runOn: 'fargate' or 'server'.",
    );
  });

  test('nothing where Celery serves all', () => {
    expect(() => servedQueues(foreign, { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' })).toThrow(
      "Expected a queue to serve, app 'foreign' has none: Celery serves them all. Give a queue runOn: 'fargate' or 'server'.",
    );
  });

  test('ends with 2 then', async () => {
    const { folder } = createProject({
      'tasks.ts': "import { Tallo } from 'tallo';\nexport const app = new Tallo('plain');\n",
    });

    const run = await tallo(['worker'], { cwd: folder });

    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain("where Lambda serves the queues of app 'plain' (default)");
  });
});

test.each(['', 'soon', '-1', '5 minutes'])('a grace of %j ends with 2', async (grace) => {
  const run = await tallo(['worker', `--grace=${grace}`]);

  expect(run).toMatchObject({ exitCode: 2, stdout: '' });
  expect(run.stderr).toContain('--grace');
});
