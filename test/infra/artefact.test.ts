import { rmSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { startLocalCloud } from 'tallo/local';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqsEvent } from '../../functions/event-source/sqs-event.ts';
import { add, app } from './apps/adder.ts';
import { type Artefacts, buildArtefacts, inNode } from './artefacts.ts';

let artefacts: Artefacts;

beforeAll(() => {
  artefacts = buildArtefacts();
});

afterAll(() => rmSync(artefacts.folder, { recursive: true }));

/** Calls the handler of a bundled file as Lambda does, and prints its answer. */
function invoking(file: string, event: unknown): string {
  return `
    const { handler } = await import(${JSON.stringify(pathToFileURL(file).href)});
    const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => 30_000 };
    console.log('answer', JSON.stringify(await handler(${JSON.stringify(event)}, context)));
    process.exit();
  `;
}

/** Loads a bundled file as the init phase does, and prints how long that took, milliseconds. */
function loading(file: string): string {
  return `
    const start = performance.now();
    await import(${JSON.stringify(pathToFileURL(file).href)});
    // What it loads on demand at once.
    await new Promise(setImmediate);
    console.log(performance.now() - start);
    process.exit();
  `;
}

describe('the consumer that would be uploaded', () => {
  test('answers an event of SQS in a plain Node, and stores what came of it', async () => {
    await using cloud = await startLocalCloud(app, { worker: false });
    const { queues } = (await app.connection()).cloud;
    const calls = await Promise.all([add.delay(2, 3), add.delay(999, 2)]);
    const messages = await queues.receive('adder-default', { max: 10, waitSeconds: 5 });
    expect(messages.length).toBe(2);
    const broken = { ...messages[0], messageId: 'broken', body: 'no call' };
    const event = sqsEvent([...messages, broken] as typeof messages, {
      queueName: 'adder-default',
      region: 'us-east-1',
      account: '000000000000',
    });

    const printed = await inNode(invoking(artefacts.ours, event), { AWS_ENDPOINT_URL: cloud.url });

    expect(printed.split('\n').find((line) => line.startsWith('answer'))).toBe(
      'answer {"batchItemFailures":[]}',
    );
    expect(await calls[0]?.get({ timeout: '5s' })).toBe(5);
    // The name of a class of the app, after minification.
    await expect(calls[1]?.get({ timeout: '5s' })).rejects.toMatchObject({
      name: 'Overflow',
      message: '1001 is too much',
    });
  });

  test('is smaller than the bare clients of the AWS SDK, and loads no more slowly', async () => {
    const size = { ours: statSync(artefacts.ours).size, bare: statSync(artefacts.bare).size };
    const times = { ours: [] as number[], bare: [] as number[] };
    // In pairs, so that what else the machine does falls on both.
    for (let round = 0; round < 9; round += 1) {
      times.ours.push(Number(await inNode(loading(artefacts.ours))));
      times.bare.push(Number(await inNode(loading(artefacts.bare))));
    }
    const load = { ours: median(times.ours), bare: median(times.bare) };

    process.stdout.write(
      `consumer: ${kB(size.ours)}, ${load.ours.toFixed(1)} ms to load; bare clients: ${kB(size.bare)}, ${load.bare.toFixed(1)} ms; ratios ${(size.ours / size.bare).toFixed(2)} and ${(load.ours / load.bare).toFixed(2)}\n`,
    );
    expect(size.ours / size.bare).toBeLessThan(0.65);
    // It was half when this was written; init time is billed, but the machine of a test has other things to do.
    expect(load.ours / load.bare).toBeLessThan(1);
  });
});

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function kB(bytes: number): string {
  return `${Math.round(bytes / 1_000)} kB`;
}
