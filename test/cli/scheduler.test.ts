import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { expect, onTestFinished, test } from 'vitest';
import { startEndpoint } from '../../local/endpoint/start-endpoint.ts';
import { provision } from '../../local/provision.ts';
import { queueTopology } from '../../sdk/app/queue-topology.ts';
import { deploymentOf } from '../../sdk/app/stage.ts';
import { appTopology } from '../../sdk/app/topology.ts';
import { awsCloud } from '../../sdk/aws/aws-cloud.ts';
import { connectionTo } from '../../sdk/aws/connection.ts';
import { shopFile } from './cloud.ts';
import { start, tallo } from './tallo.ts';

/** An endpoint that plays LocalStack, with the queue `shop-default`. */
async function givenQueue() {
  const endpoint = await startEndpoint();
  const topology = appTopology(deploymentOf('shop', null), [queueTopology('shop', 'default', {})]);
  await provision({ ...topology, schedules: [] }, { endpoint: endpoint.url });
  const cloud = awsCloud({ endpoint: endpoint.url, tableName: 'shop-tasks' });
  onTestFinished(async () => {
    await cloud.close();
    await endpoint.stop();
  });
  return { url: endpoint.url, queues: cloud.queues };
}

test('fires schedules at the queues of another endpoint until SIGTERM, then ends with 0', async () => {
  const { url, queues } = await givenQueue();
  const running = start(['scheduler', '--port', '0', '--json'], { env: { AWS_ENDPOINT_URL: url } });
  const ready = JSON.parse(await running.untilPrinted('url'));
  const client = new SchedulerClient(connectionTo('SCHEDULER', { endpoint: ready.url }));

  await client.send(
    new CreateScheduleCommand({
      Name: 'hello',
      ScheduleExpression: 'rate(1 hour)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: 'arn:aws:sqs:us-east-1:000000000000:shop-default',
        RoleArn: 'arn:aws:iam::000000000000:role/scheduler',
        Input: 'hello',
      },
    }),
  );
  const received = await queues.receive('shop-default', { max: 1, waitSeconds: 10 });
  running.signal('SIGTERM');
  client.destroy();

  expect(received.map(({ body }) => body)).toEqual(['hello']);
  expect(ready.queues).toBe(url);
  expect(await running.ended).toBe(0);
});

test('wakes the beat of the app that it is given', async () => {
  const { url } = await givenQueue();
  const args = ['scheduler', '--port', '0', '--json', '-A', shopFile];
  const running = start(args, { env: { AWS_ENDPOINT_URL: url } });
  const ready = JSON.parse(await running.untilPrinted('url'));
  const client = new SchedulerClient(connectionTo('SCHEDULER', { endpoint: ready.url }));
  onTestFinished(() => client.destroy());

  await client.send(
    new CreateScheduleCommand({
      Name: 'beat-hello',
      ScheduleExpression: 'rate(1 hour)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: 'arn:aws:lambda:us-east-1:000000000000:function:shop-beat',
        RoleArn: 'arn:aws:iam::000000000000:role/scheduler',
        Input: '{"not":"of beat"}',
      },
    }),
  );

  await running.untilNoted("Function 'shop-beat' failed, trying again in 60 s.");
  expect(ready.beat).toBe('shop');
});

test('says what a user needs to know', async () => {
  const env = { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' };
  const running = start(['scheduler', '--port', '0'], { env });

  await running.untilPrinted('ready');

  const url = /scheduler +(\S+)/.exec(running.stdout())?.[1];
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(running.stdout().split('\n')).toEqual([
    `scheduler  ${url}`,
    'queues     http://127.0.0.1:4566',
    'beat       none, name an app by -A',
    '',
    'For your other processes:',
    `export AWS_ENDPOINT_URL_SCHEDULER=${url}`,
    '',
    'ready',
    '',
  ]);
});

test('does not send to the queues of AWS itself', async () => {
  const run = await tallo(['scheduler', '--port', '0']);

  expect(run).toMatchObject({ exitCode: 2, stdout: '' });
  expect(run.stderr).toContain('Expected AWS_ENDPOINT_URL to name the endpoint of the queues');
});

test('suggests another port when its own is taken', async () => {
  const { url } = await givenQueue();
  const port = Number(new URL(url).port);

  const run = await tallo(['scheduler', '--port', String(port)], { env: { AWS_ENDPOINT_URL: url } });

  expect(run).toMatchObject({ exitCode: 2, stdout: '' });
  expect(run.stderr).toContain(`Choose another one: tallo scheduler --port ${port + 1}`);
});
