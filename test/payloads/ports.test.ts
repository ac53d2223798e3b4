import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Tallo } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Endpoint, startEndpoint } from '../../local/endpoint/start-endpoint.ts';
import { provision } from '../../local/provision.ts';
import { awsCloud } from '../../sdk/aws/aws-cloud.ts';
import { signedRequests } from '../../sdk/aws/http/signed-requests.ts';
import { s3Address } from '../../sdk/aws/s3-address.ts';
import type { Cloud } from '../../sdk/ports/cloud.ts';
import { expectMissingBucket, payloadsConformance } from '../ports/payloads-conformance.ts';

let endpoint: Endpoint;
const clouds: Cloud[] = [];

beforeAll(async () => {
  endpoint = await startEndpoint();
});

afterAll(async () => {
  for (const cloud of clouds) await cloud.close();
  await endpoint.stop();
});

payloadsConformance('memory', async () => {
  const { payloads } = memoryCloud(new Tallo('app', { payloadBucket: true }), { handler: false });
  return { payloads, bucketName: 'app-payloads' };
});

payloadsConformance('AWS', async () => {
  const app = `App_${clouds.length}`;
  const topology = new Tallo(app, { payloadBucket: true }).topology();
  await provision(topology, { endpoint: endpoint.url });
  // What is there already is kept.
  await provision(topology, { endpoint: endpoint.url });
  const { payloads } = cloudAt(endpoint.url, { scheduleGroup: topology.scheduleGroup });
  return { payloads, bucketName: `app-${clouds.length - 1}-payloads` };
});

test('a bucket in memory takes no key that S3 would not take', async () => {
  const { payloads } = memoryCloud(new Tallo('app', { payloadBucket: true }), { handler: false });

  expect(await payloads.put('x'.repeat(1_024), 'x')).toEqual({ ok: true });
  expect(await payloads.put('é'.repeat(513), 'x')).toMatchObject({ ok: false, code: 'KeyTooLongError' });
});

function cloudAt(url: string | undefined, options: { scheduleGroup?: string; payloadBucket?: string } = {}) {
  const cloud = awsCloud({ tableName: 'table', ...(url !== undefined && { endpoint: url }), ...options });
  clouds.push(cloud);
  return cloud;
}

describe('the bucket on AWS', () => {
  test('is created with a lifecycle by the lengths of its prefixes', async () => {
    const app = new Tallo('cycle', { payloadBucket: 'my-own-bucket' });
    endpoint.traffic.reset();
    await provision(app.topology(), { endpoint: endpoint.url });

    expect(endpoint.traffic.byAction()).toMatchObject({
      'S3.CreateBucket': 1,
      'S3.PutBucketLifecycleConfiguration': 1,
    });
    const s3 = signedRequests({ service: 's3', endpoint: endpoint.url });
    const lifecycle = { path: '/my-own-bucket', query: { lifecycle: '' }, name: 's3.GetLifecycle' };
    const { body } = await s3.send({ method: 'GET', ...lifecycle });
    await s3.close();
    const rules = Buffer.from(body)
      .toString()
      .matchAll(/<Prefix>(.*?)<\/Prefix>.*?<Days>(\d+)<\/Days>/g);
    expect([...rules].map(([, prefix, days]) => [prefix, days])).toEqual([
      ['payloads/30d/', '30'],
      ['payloads/90d/', '90'],
      ['payloads/400d/', '400'],
    ]);
  });

  test('is not created for an app that has none', async () => {
    endpoint.traffic.reset();
    await provision(new Tallo('none').topology(), { endpoint: endpoint.url });

    expect(Object.keys(endpoint.traffic.byAction()).filter((action) => action.startsWith('S3.'))).toEqual([]);
  });

  test('that is missing is named', async () => {
    await expectMissingBucket(cloudAt(endpoint.url, { payloadBucket: 'no-such-bucket' }).payloads);
  });

  test('is the one that the environment names, and the one that was given before that', async () => {
    vi.stubEnv('TALLO_PAYLOAD_BUCKET', 'from-the-environment');
    onTestFinished(() => void vi.unstubAllEnvs());

    expect(await cloudAt(endpoint.url).payloads.bucketName()).toBe('from-the-environment');
    expect(await cloudAt(endpoint.url, { payloadBucket: 'given' }).payloads.bucketName()).toBe('given');
  });

  test('is never guessed on AWS itself, where a name may be a stranger’s, nor taken from what is no name', async () => {
    onTestFinished(() => void vi.unstubAllEnvs());
    const { payloads } = cloudAt(undefined);
    await expect(payloads.bucketName()).rejects.toThrow(
      /^Expected TALLO_PAYLOAD_BUCKET to name the bucket of large calls, .* got undefined\./,
    );

    vi.stubEnv('AWS_ENDPOINT_URL_S3', 'https://bucket.vpce-1a2b.s3.us-east-1.vpce.amazonaws.com');
    await expect(payloads.bucketName()).rejects.toThrow(/got undefined\./);

    vi.stubEnv('TALLO_PAYLOAD_BUCKET', 'evil.example/x');
    await expect(payloads.bucketName()).rejects.toThrow(/got "evil.example\/x"/);
    await expect(payloads.put('payloads/30d/a/b/c', 'x')).rejects.toMatchObject({ code: 'CONFIGURATION' });
  });

  test('is asked for by the name of a host, or in the path where no certificate would fit', () => {
    const onAws = { isOwnEndpoint: false };

    expect(s3Address('bucket', 'a/b', onAws)).toEqual({ path: '/a/b', hostPrefix: 'bucket.' });
    expect(s3Address('bucket', '', onAws)).toEqual({ path: '/', hostPrefix: 'bucket.' });
    expect(s3Address('my.bucket', 'a/b', onAws)).toEqual({ path: '/my.bucket/a/b' });
    expect(s3Address('bucket', 'a/b', { isOwnEndpoint: true })).toEqual({ path: '/bucket/a/b' });
    expect(s3Address('bucket', '', { isOwnEndpoint: true })).toEqual({ path: '/bucket' });
  });
});

describe('S3', () => {
  type Answer = (response: ServerResponse, request: IncomingMessage) => void;

  /** A server that stands in for S3 and gives these answers, the last one again and again. */
  async function s3(...answers: readonly Answer[]) {
    const requests: string[] = [];
    const server = createServer((request, response) => {
      request.resume().on('end', () => {
        answers[Math.min(requests.length, answers.length - 1)]?.(response, request);
        requests.push(`${request.method} ${request.url}`);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    return { requests, ...cloudAt(`http://127.0.0.1:${port}`, { payloadBucket: 'bucket' }) };
  }

  const error =
    (status: number, code: string): Answer =>
    (response) => {
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>so it is</Message></Error>`);
    };
  const says =
    (text: string): Answer =>
    (response) =>
      void response.end(text);
  /** Says that there is more, and hangs up. */
  const half: Answer = (response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('half', () => response.destroy());
  };

  test('that does not let us read is named with the right that is missing', async () => {
    const { payloads } = await s3(error(403, 'AccessDenied'));

    await expect(payloads.get('payloads/30d/a/b/c')).rejects.toThrow(
      "Expected to be allowed to read 'payloads/30d/a/b/c' in bucket 'bucket'. It takes s3:GetObject, and s3:ListBucket to be told of an object that is gone.",
    );
    expect(await payloads.put('k', 'x')).toEqual({
      ok: false,
      code: 'AccessDenied',
      message: 'so it is',
      retryable: false,
    });
  });

  test('that is busy is asked again, and tells so in the end', async () => {
    const busy = await s3(error(503, 'SlowDown'), error(500, 'InternalError'), says('payload'));
    const down = await s3(error(503, 'SlowDown'));

    expect(await busy.payloads.get('k')).toBe('payload');
    expect(busy.requests).toEqual(['GET /bucket/k', 'GET /bucket/k', 'GET /bucket/k']);
    expect(await down.payloads.put('k', 'x')).toMatchObject({ ok: false, code: 'SlowDown', retryable: true });
    await expect(down.payloads.get('k')).rejects.toMatchObject({ name: 'SlowDown' });
  });

  test('whose answer breaks off is asked again: half a payload is none', async () => {
    const broken = await s3(half, says('whole'));
    const always = await s3(half);

    expect(await broken.payloads.get('k')).toBe('whole');
    await expect(always.payloads.get('k')).rejects.toThrow();
    expect(always.requests).toHaveLength(3);
  });
});
