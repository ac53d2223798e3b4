// The same promises against real requests: the AWS SDK's clients and the local endpoint.
import { expect, onTestFinished, test, vi } from 'vitest';
import { type EndpointOptions, startEndpoint } from '../../../local/endpoint/start-endpoint.ts';
import { type EventSource, startEventSource } from '../../../local/event-source/event-source.ts';
import type { BatchHandler } from '../../../local/event-source/options.ts';
import { provision } from '../../../local/provision.ts';
import { queueTopology } from '../../../sdk/app/queue-topology.ts';
import { deploymentOf } from '../../../sdk/app/stage.ts';
import { appTopology, type QueueTopology } from '../../../sdk/app/topology.ts';
import { awsCloud } from '../../../sdk/aws/aws-cloud.ts';

async function open(options: EndpointOptions = {}) {
  const endpoint = await startEndpoint(options);
  onTestFinished(() => endpoint.stop());
  return endpoint;
}

function appAt(url: string, changes: Partial<QueueTopology> = {}) {
  const queue = { ...queueTopology('store', 'default', {}), ...changes };
  const cloud = awsCloud({ endpoint: url, tableName: 'store' });
  onTestFinished(() => cloud.close());
  const warnings: string[] = [];
  return {
    cloud,
    queue,
    warnings,
    create: () =>
      provision(
        { ...appTopology(deploymentOf('store', null), [queue]), tableName: 'store', schedules: [] },
        { endpoint: url },
      ),
    send: (...bodies: string[]) =>
      cloud.queues.send(
        queue.queueName,
        bodies.map((body) => ({ body })),
      ),
    serve: (handler: BatchHandler): EventSource => {
      const source = startEventSource({
        queues: cloud.queues,
        clock: cloud.clock,
        queue,
        handler,
        region: 'us-east-1',
        account: '000000000000',
        log: { warn: (message) => warnings.push(message) },
      });
      onTestFinished(() => source.stop());
      return source;
    },
  };
}

const tenBodies = Array.from({ length: 10 }, (_, index) => String(index));

test('handles and deletes every message of a queue', async () => {
  const app = appAt((await open()).url);
  await app.create();
  const handled: string[] = [];
  for (let round = 0; round < 10; round += 1) await app.send(...tenBodies.map((body) => `${round}${body}`));

  const source = app.serve(async ({ Records }) => {
    handled.push(...Records.map(({ body }) => body));
  });
  await vi.waitUntil(() => handled.length === 100);
  await source.stop();

  expect(new Set(handled).size).toBe(100);
  expect(await app.cloud.queues.receive(app.queue.queueName, { max: 10, waitSeconds: 0 })).toEqual([]);
});

test('gets a failed message again, and only that one, with its receive count', async () => {
  const app = appAt((await open()).url, { visibilitySeconds: 1 });
  await app.create();
  const seen: string[] = [];
  await app.send('good', 'bad');

  app.serve(async ({ Records }) => {
    seen.push(...Records.map(({ body, attributes }) => `${body} ${attributes.ApproximateReceiveCount}`));
    const failed = Records.filter(
      ({ body, attributes }) => body === 'bad' && attributes.ApproximateReceiveCount === '1',
    );
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  });
  await vi.waitUntil(() => seen.includes('bad 2'), { timeout: 20_000 });

  expect(seen.toSorted()).toEqual(['bad 1', 'bad 2', 'good 1']);
});

test('keeps one long poll open on an empty queue, and stop ends it', async () => {
  const endpoint = await open();
  const app = appAt(endpoint.url);
  await app.create();
  const source = app.serve(async () => undefined);
  await vi.waitUntil(() => endpoint.traffic.count('SQS.ReceiveMessage') === 1);

  await source.stop();
  await app.send('for the next worker');

  const received = await app.cloud.queues.receive(app.queue.queueName, { max: 10, waitSeconds: 5 });
  expect(received.map(({ body }) => body)).toEqual(['for the next worker']);
});

test('gives back a batch that was not handed over', async () => {
  const endpoint = await open();
  const app = appAt(endpoint.url, { batchSize: 100, batchWindowSeconds: 300 });
  await app.create();
  await app.send('early');
  const source = app.serve(async () => undefined);
  await vi.waitUntil(() => endpoint.traffic.count('SQS.ReceiveMessage') === 2);

  await source.stop();

  const received = await app.cloud.queues.receive(app.queue.queueName, { max: 10, waitSeconds: 5 });
  expect(received.map(({ body }) => body)).toEqual(['early']);
});

test('waits for an endpoint that is not there yet', async () => {
  const earlier = await startEndpoint();
  await earlier.stop();
  const app = appAt(earlier.url);
  const handled: string[] = [];
  app.serve(async ({ Records }) => {
    handled.push(...Records.map(({ body }) => body));
  });
  await vi.waitUntil(() => app.warnings.length > 0, { timeout: 20_000 });

  await open({ port: earlier.port });
  await app.create();
  await app.send('at last');

  await vi.waitUntil(() => handled.length === 1, { timeout: 20_000 });
  expect(handled).toEqual(['at last']);
});
