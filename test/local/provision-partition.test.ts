import { expect, test } from 'vitest';
import { provision } from '../../local/provision.ts';
import { Tallo } from '../../sdk/index.ts';
import { answering, type Mood, moodyServer } from '../aws/moody-server.ts';

/** What AWS in China answers. */
const answers: Readonly<Record<string, object>> = {
  'AmazonSQS.CreateQueue': { QueueUrl: 'https://sqs.cn-north-1.amazonaws.com.cn/123456789012/q' },
  'AmazonSQS.GetQueueAttributes': { Attributes: { QueueArn: 'arn:aws-cn:sqs:cn-north-1:123456789012:q' } },
  'DynamoDB_20120810.DescribeTable': { Table: { TableStatus: 'ACTIVE' } },
};

test('schedules of another partition than the usual one have a target, a role and a dead-letter queue there', async () => {
  const mood: Mood = (response, request) =>
    answering(200, answers[String(request.headers['x-amz-target'])] ?? {})(response, request);
  await using server = await moodyServer(mood);
  const app = new Tallo('store');
  app.beat({ daily: { task: app.task('report', () => null), schedule: '1d' } });

  await provision(app.topology(), { endpoint: server.url });

  const { body = '' } = server.arrived.find(({ path }) => path.startsWith('/schedules/')) ?? {};
  expect(JSON.parse(body).Target).toMatchObject({
    Arn: 'arn:aws-cn:lambda:cn-north-1:123456789012:function:store-beat',
    RoleArn: 'arn:aws-cn:iam::123456789012:role/store-scheduler-cn-north-1',
    DeadLetterConfig: { Arn: 'arn:aws-cn:sqs:cn-north-1:123456789012:store-undelivered' },
  });
});
