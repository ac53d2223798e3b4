import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { app, waiting } from './apps/changing.ts';
import { ask } from './ask.ts';
import { deploy, destroy, diff } from './cdk.ts';
import { queueAttributes } from './queue-attributes.ts';

const cdkApp = 'test/localstack/apps/changing-stack.ts';
const withSeconds = (seconds: number) => ({
  url: inject('localstack'),
  env: { SECONDS: String(seconds) },
});

async function stackStatus(): Promise<string | undefined> {
  const form = { Action: 'DescribeStacks', Version: '2010-05-15', StackName: 'Changing' };
  const answer = await ask('cloudformation', '/', form);
  return /<StackStatus>(\w+)</.exec(await answer.text())?.[1];
}

/** The timeout of the function that serves the queue `quick`. */
async function functionTimeout(): Promise<number | undefined> {
  const answer = await ask('lambda', '/2015-03-31/functions/');
  const { Functions } = (await answer.json()) as {
    Functions: { Description: string; FunctionName: string; Timeout: number }[];
  };
  return Functions.find(
    ({ FunctionName: name, Description: text }) => name.startsWith('Changing') && text.includes("'quick'"),
  )?.Timeout;
}

async function receive() {
  const { queues } = (await app.connection()).cloud;
  return queues.receive('changing-default', { max: 10, waitSeconds: 5 });
}

beforeAll(() => deploy(cdkApp, withSeconds(40)));
afterAll(() => app.close());

test('a second deployment without a change does nothing', async () => {
  expect(await deploy(cdkApp, withSeconds(40))).toContain('(no changes)');
  expect(await stackStatus()).toBe('CREATE_COMPLETE');
});

test('cdk diff tells what a change of the app would change, and of nothing else', async () => {
  expect(await diff(cdkApp, withSeconds(40))).toContain('There were no differences');

  const changes = await diff(cdkApp, withSeconds(50));

  expect(changes).toMatch(/\[-\] 40[\s\S]*\[\+\] 50/);
  expect(changes).toContain('AWS::SQS::Queue');
  expect(changes).not.toContain('AWS::DynamoDB::GlobalTable');
});

test('changed options of queues are deployed, and what waits is still there', async () => {
  await waiting.delay();
  expect(await functionTimeout()).toBe(42);

  await deploy(cdkApp, withSeconds(50));

  expect(await stackStatus()).toBe('UPDATE_COMPLETE');
  expect((await queueAttributes('changing-default')).VisibilityTimeout).toBe('50');
  expect((await queueAttributes('changing-quick')).VisibilityTimeout).toBe('312');
  expect(await functionTimeout()).toBe(52);
  expect(await receive()).toHaveLength(1);
});

/** What LocalStack was given, of each resource that holds data. */
async function policies(): Promise<readonly string[]> {
  const form = { Action: 'GetTemplate', Version: '2010-05-15', StackName: 'Changing' };
  const text = await (await ask('cloudformation', '/', form)).text();
  const [, template = ''] = /<TemplateBody>(.*)<\/TemplateBody>/s.exec(text) ?? [];
  const { Resources } = JSON.parse(template.replaceAll('&quot;', '"').replaceAll('&amp;', '&')) as Template;
  return Object.values(Resources)
    .filter(({ Type }) => holdsData.includes(Type))
    .map(
      ({ Type, ...resource }) =>
        `${Type} DeletionPolicy=${resource.DeletionPolicy} UpdateReplacePolicy=${resource.UpdateReplacePolicy}`,
    );
}

const holdsData = ['AWS::SQS::Queue', 'AWS::DynamoDB::GlobalTable', 'AWS::Scheduler::ScheduleGroup'];

interface Template {
  readonly Resources: Readonly<
    Record<
      string,
      { readonly Type: string; readonly DeletionPolicy: string; readonly UpdateReplacePolicy: string }
    >
  >;
}

// LocalStack heeds these policies from 4.14 on, so that what is left of the data is not looked at here.
test('the stack can be deleted; it was told to keep queues, table and schedules', async () => {
  expect(new Set(await policies())).toEqual(
    new Set([
      'AWS::SQS::Queue DeletionPolicy=RetainExceptOnCreate UpdateReplacePolicy=Retain',
      'AWS::DynamoDB::GlobalTable DeletionPolicy=Retain UpdateReplacePolicy=Retain',
      'AWS::Scheduler::ScheduleGroup DeletionPolicy=RetainExceptOnCreate UpdateReplacePolicy=Retain',
    ]),
  );

  await destroy(cdkApp, withSeconds(50));

  expect(await stackStatus()).toBeUndefined();
  expect(await functionTimeout()).toBeUndefined();
});
