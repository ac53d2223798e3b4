import { SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { rules } from '../../preflight/rules.ts';
import { givenCloud, nowhere, shopFile } from './cloud.ts';
import { createProject } from './project.ts';
import { tallo } from './tallo.ts';

const wrong = `import { Tallo } from 'tallo';
export const app = new Tallo('store', {
  queues: { default: { visibilityTimeout: '40s' }, archive: {} },
  routes: { 'mails.*': 'mails' },
});
app.task('mails.send', { defaultRetryDelay: '1h' }, () => 1);
`;

describe('tallo doctor', () => {
  test('prints what preflight finds, and ends with 2 because of errors', async () => {
    const { folder } = createProject({ 'tasks.ts': wrong });

    const run = await tallo(['doctor', '--region', 'eu-south-1'], { cwd: folder });

    expect(run).toEqual({
      exitCode: 2,
      stderr: '',
      stdout: `\
Preflight of app 'store', eu-south-1

ERROR queue-exists: route 'mails.*'
  found   queue 'mails', which the app does not have
  wanted  one of its queues: default, archive
  do      Add 'mails' to the app's option queues, or correct the name.
  see     https://docs.celeryq.dev/en/stable/userguide/routing.html#automatic-routing

WARNING queue-unused: queue 'archive'
  found   no task, route or beat entry that leads there
  wanted  a queue that something is sent to: each one is polled all day
  do      Take it out; or accept 'queue-unused:archive' where calls name it themselves.
  see     https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html

WARNING visibility-timeout: queue 'default'
  found   a visibility timeout of 40 s, with a function's timeout of 32 s
  wanted  192 s, six times the timeout: throttled batches have time to be tried again
  do      Leave visibilityTimeout out: the app derives 192 s.
  see     https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html

WARNING scheduler-rate: task 'mails.send'
  found   a wait for a retry of 60 min, in eu-south-1
  wanted  at most 15 min, or a larger region: each longer wait is a schedule, and eu-south-1 takes 250 of them a second, not 5,000
  do      Shorten the wait, or have the quota 'CreateSchedule request rate' raised and accept this.
  see     https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html

1 error, 3 warnings; ${rules.length} rules looked at 2 queues and 1 task.
`,
    });
  });

  test('gives findings as data with --json', async () => {
    const { folder } = createProject({ 'tasks.ts': wrong });

    const run = await tallo(
      ['doctor', '--json', '--stage', 'test', '--accept', 'queue-unused:archive', 'visibility-timeout'],
      { cwd: folder, env: { AWS_REGION: 'eu-west-1' } },
    );

    expect(run).toMatchObject({ exitCode: 2, stderr: '' });
    expect(JSON.parse(run.stdout)).toEqual({
      app: 'store',
      stage: 'test',
      region: 'eu-west-1',
      errors: 1,
      warnings: 0,
      accepted: 2,
      findings: [
        {
          rule: 'queue-exists',
          level: 'error',
          subject: 'mails.*',
          where: "route 'mails.*'",
          found: "queue 'mails', which the app does not have",
          wanted: 'one of its queues: default, archive',
          advice: "Add 'mails' to the app's option queues, or correct the name.",
          see: 'https://docs.celeryq.dev/en/stable/userguide/routing.html#automatic-routing',
        },
      ],
    });
  });

  test('has nothing to say of the app of the demo', async () => {
    const run = await tallo(['doctor', '--strict']);

    expect(run).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: expect.stringMatching(
        /^Preflight of app 'demo'\n\n0 errors, 0 warnings; \d+ rules looked at \d+ queues and \d+ tasks.\n$/,
      ),
    });
  });

  test('lets warnings pass, unless it is to be strict', async () => {
    const { folder } = createProject({
      'tasks.ts': wrong.replace("routes: { 'mails.*': 'mails' },", ''),
    });
    const doctor = (...args: string[]) => tallo(['doctor', ...args], { cwd: folder });

    const [plain, strict, small] = await Promise.all([
      doctor(),
      doctor('--strict'),
      doctor('--json', '--account-concurrency', '9', '--accept', 'queue-unused', 'visibility-timeout'),
    ]);

    expect(plain.exitCode).toBe(0);
    expect(strict).toEqual({ ...plain, exitCode: 2 });
    expect(JSON.parse(small.stdout).findings).toMatchObject([{ rule: 'account-concurrency' }]);
  });

  test.each([
    ['a rule that there is not', ['--accept', 'queue-usused'], "got 'queue-usused'"],
    [
      'an error that is accepted',
      ['--accept', 'queue-exists'],
      "got 'queue-exists', whose findings are errors",
    ],
    [
      'a quota that is none',
      ['--account-concurrency', 'ten'],
      'Expected --account-concurrency to be a number such as 1000, got ten.',
    ],
    ['a stage that cannot be one', ['--stage', 'a b'], "got 'a b'"],
  ])('ends with 2 for %s', async (_what, args, message) => {
    const run = await tallo(['doctor', ...args]);

    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain(message);
  });
});

describe('tallo doctor --live', () => {
  const doctor = (...args: string[]) => ['doctor', '--live', '-A', shopFile, ...args];

  test('looks at the queues as they are deployed', async () => {
    const { env, url } = await givenCloud({ worker: false });

    const untouched = await tallo(doctor('--strict'), { env });
    await change(url, 'shop-emails', {
      VisibilityTimeout: '10',
      MessageRetentionPeriod: '604800',
      RedrivePolicy: '',
    });
    await change(url, 'shop-default-dlq', { MessageRetentionPeriod: '1209000' });
    const touched = await tallo(doctor('--json'), { env });

    expect(untouched).toMatchObject({ exitCode: 0, stderr: '' });
    expect(touched).toMatchObject({ exitCode: 2, stderr: '' });
    const { findings } = JSON.parse(touched.stdout);
    expect(
      findings.map(({ rule, where, found, wanted }: Record<string, string>) => [rule, where, found, wanted]),
    ).toEqual([
      [
        'visibility-timeout',
        "queue 'emails'",
        expect.stringContaining('a visibility timeout of 10 s'),
        expect.any(String),
      ],
      ['dead-letter-queue', "queue 'emails'", 'no redrive policy', expect.any(String)],
      [
        'dead-letter-retention',
        "queue 'default'",
        'a retention of 14 days, and of 1,209,000 s in its dead-letter queue',
        expect.any(String),
      ],
      [
        'not-as-deployed',
        "queue 'shop-default-dlq'",
        'a retention of 1,209,000 s',
        'a retention of 14 days, as the app says',
      ],
      [
        'not-as-deployed',
        "queue 'shop-emails'",
        'a visibility timeout of 10 s',
        'a visibility timeout of 192 s, as the app says',
      ],
      [
        'not-as-deployed',
        "queue 'shop-emails'",
        'a retention of 7 days',
        'a retention of 14 days, as the app says',
      ],
      [
        'not-as-deployed',
        "queue 'shop-emails'",
        'no redrive policy',
        'a maxReceiveCount of 100, as the app says',
      ],
    ]);
  });

  test('tells of every queue that is not there', async () => {
    const { env } = await givenCloud({ worker: false });

    const run = await tallo(doctor('--stage', 'prod'), { env });

    expect(run).toMatchObject({ exitCode: 2, stderr: '' });
    expect(run.stdout).toContain(`
ERROR not-deployed: queue 'shop-prod-emails'
  found   no queue of that name in this region and account
  wanted  a queue for what the app sends there: such calls are refused
  do      Deploy the app; or say which stage and region you mean: --stage, --region.
`);
    expect(run.stdout.match(/^ERROR /gm)).toHaveLength(4);
  });

  test('ends with 4 where no cloud is', async () => {
    const run = await tallo(doctor(), { env: { ...nowhere, AWS_MAX_ATTEMPTS: '1' } });

    expect(run).toMatchObject({ exitCode: 4, stdout: '' });
    expect(run.stderr).toContain('The cloud could not be reached');
  });
});

async function change(endpoint: string, queue: string, Attributes: Record<string, string>): Promise<void> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const sqs = new SQSClient({ region: 'us-east-1', endpoint, credentials });
  await sqs.send(
    new SetQueueAttributesCommand({ QueueUrl: `${endpoint}/000000000000/${queue}`, Attributes }),
  );
  sqs.destroy();
}
