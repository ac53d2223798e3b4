import { once } from 'node:events';
import { Agent, type RequestOptions, request } from 'node:http';
import { Duplex } from 'node:stream';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { awsCloud } from '../../sdk/aws/aws-cloud.ts';
import { exchange } from '../../sdk/aws/http/exchange.ts';
import { signedRequests } from '../../sdk/aws/http/signed-requests.ts';
import { answering, ask, type Mood, moodyServer, optionsFor } from './moody-server.ts';

/** A server in another thread, so that it works while this one is busy. It tells of each request, and answers at once. */
async function serverElsewhere() {
  const worker = new Worker(
    `const { createServer } = require('node:http');
     const { parentPort } = require('node:worker_threads');
     let requests = 0;
     const server = createServer((request, response) => {
       parentPort.postMessage({ requests: ++requests });
       request.resume().on('end', () => setTimeout(() => response.end('{}'), 100));
     });
     server.listen(0, '127.0.0.1', () => parentPort.postMessage({ port: server.address().port }));`,
    { eval: true },
  );
  const [{ port }] = await once(worker, 'message');
  let requests = 0;
  worker.on('message', (message) => {
    requests = message.requests;
  });
  return {
    url: `http://127.0.0.1:${port}`,
    requests: () => requests,
    [Symbol.asyncDispose]: async () => void (await worker.terminate()),
  };
}

/** As a task that computes without a pause. */
function computeFor(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

test('an answer that came while a task computed is taken, and nothing is sent twice', async () => {
  await using server = await serverElsewhere();
  const requests = signedRequests({ ...optionsFor(server), timeoutMs: 200 });
  await requests.send(ask);

  const sent = requests.send(ask);
  // Until it is on its way.
  await expect.poll(server.requests, { interval: 1 }).toBe(2);
  // Here the timers are what comes next, and not the answer.
  await nextTurn();
  computeFor(500);

  expect(await sent).toMatchObject({ status: 200 });
  expect(server.requests()).toBe(2);
  await requests.close();
});

test('a server that is silent is left, however busy this process is', async () => {
  await using server = await moodyServer(() => undefined);
  const requests = signedRequests({ ...optionsFor(server), timeoutMs: 50 });
  let isOver = false;
  const sent = requests.send(ask).finally(() => {
    isOver = true;
  });
  void (async () => {
    for (; !isOver; await sleep(1)) computeFor(200);
  })();

  await expect(sent).rejects.toMatchObject({ code: 'ETIMEDOUT' });
});

test('a long answer may take its time, as long as it goes on', async () => {
  const parts = ['{"a"', ':', '"', 'b', '"', '}'];
  const slowly: Mood = async (response) => {
    for (const part of parts) {
      response.write(part);
      await sleep(60);
    }
    response.end();
  };
  await using server = await moodyServer(slowly);
  const requests = signedRequests({ ...optionsFor(server), timeoutMs: 200 });

  const { body } = await requests.send(ask);

  expect([Buffer.from(body).toString(), server.arrived.length]).toEqual(['{"a":"b"}', 1]);
  await requests.close();
});

test('a large request may take its time, as long as it goes on', async () => {
  const body = Buffer.alloc(2_000_000, 'ü');
  const went: Buffer[] = [];
  // A line of 4 MB per second.
  const line = new Duplex({
    read: () => undefined,
    write: (part: Buffer, _, done) => {
      setTimeout(() => {
        const isWhole = went.push(part) > 0 && Buffer.concat(went).byteLength > body.byteLength;
        if (isWhole) line.push('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
        done();
      }, part.byteLength / 4_000);
    },
  });
  const protocol = {
    request: (options: RequestOptions) =>
      request({ ...options, agent: undefined, createConnection: () => line }),
    agent: new Agent(),
    isProxied: false,
  };
  const sending = { origin: 'http://127.0.0.1:1', method: 'PUT', path: '/', headers: {}, body };

  const { status } = await exchange(protocol, sending, { connectMs: 200, answerMs: 200 });

  expect(status).toBe(200);
  expect(Buffer.concat(went).subarray(-body.byteLength).equals(body)).toBe(true);
});

describe('long polls', () => {
  test('of many queues keep nothing from being sent', async () => {
    const polls = 60;
    const url = answering(200, { QueueUrl: 'https://sqs.us-east-1.amazonaws.com/000000000000/q' });
    const done = answering(200, { Successful: [{ Id: '0' }] });
    const patient: Mood = (response, request) => {
      const target = request.headers['x-amz-target'];
      if (target === 'AmazonSQS.GetQueueUrl') url(response, request);
      if (target === 'AmazonSQS.SendMessageBatch') done(response, request);
    };
    await using server = await moodyServer(patient);
    const { queues, close } = awsCloud({ tableName: 'table', endpoint: server.url });
    const stop = new AbortController();
    const waiting = Array.from({ length: polls }, () =>
      queues.receive('q', { max: 10, waitSeconds: 20, signal: stop.signal }),
    );
    const ended = Promise.allSettled(waiting);
    await expect.poll(() => server.sockets.length).toBe(polls + 1);

    expect(await queues.send('q', [{ body: '{}' }])).toEqual([{ ok: true }]);

    stop.abort('enough');
    expect(await ended).toEqual(waiting.map(() => ({ status: 'rejected', reason: 'enough' })));
    await close();
  });
});
