import { afterEach, describe, expect, test, vi } from 'vitest';
import { readJson } from '../../sdk/aws/http/read-json.ts';
import { RetryQuota } from '../../sdk/aws/http/retry-quota.ts';
import { signedRequests } from '../../sdk/aws/http/signed-requests.ts';
import { answering, ask, type Mood, moodyServer, optionsFor, quickClock, refusing } from './moody-server.ts';

afterEach(() => void vi.unstubAllEnvs());

const good = answering(200, { fine: true });

/** How often a server is asked that behaves like that and then well, and whether it came to a good end. */
async function attemptsAt(...moods: readonly Mood[]) {
  await using server = await moodyServer(...moods, good);
  const clock = quickClock();
  const requests = signedRequests(optionsFor(server, clock));
  const outcome = await requests.send(ask, readJson).catch((error: Error) => error);
  await requests.close();
  return { attempts: server.arrived.length, outcome, pauses: clock.pauses };
}

const reset: Mood = (response) => response.socket?.resetAndDestroy();
const hangUp: Mood = (response) => response.socket?.end();
const halfBody: Mood = (response) => {
  response.writeHead(200, { 'content-length': '100' });
  response.write('{"fine":', () => response.socket?.resetAndDestroy());
};
const halfChunks: Mood = (response) => {
  response.writeHead(200, { 'transfer-encoding': 'chunked' });
  response.write('{"fine":', () => response.socket?.end());
};

describe('what may be better the next time is tried again', () => {
  test.for([
    ['an error of the server', answering(500, 'oops')],
    ['a bad gateway', answering(502, '<html>nginx</html>', { 'content-type': 'text/html' })],
    ['a proxy without a server', answering(503, 'Service Unavailable')],
    ['a gateway that waited in vain', answering(504, '')],
    ['too many requests', answering(429, '')],
    ['throttling', refusing(400, 'ThrottlingException')],
    ['a table at its capacity', refusing(400, 'ProvisionedThroughputExceededException')],
    ['a write in two regions at once', refusing(400, 'ReplicatedWriteConflictException')],
    ['throttling by SQS', refusing(403, 'RequestThrottled')],
    ['a bucket that is asked too often', answering(503, '<Error><Code>SlowDown</Code></Error>')],
    ['a reset before the answer', reset],
    ['a connection that is closed before the answer', hangUp],
    ['a reset in the middle of the body', halfBody],
    ['an end in the middle of the body', halfChunks],
    ['JSON that is cut off', answering(200, '{"fine":')],
  ] as const)('%s', async ([, mood]) => {
    expect(await attemptsAt(mood)).toMatchObject({ attempts: 2, outcome: { fine: true } });
    expect(await attemptsAt(mood, mood)).toMatchObject({ attempts: 3, outcome: { fine: true } });
    expect(await attemptsAt(mood, mood, mood)).toMatchObject({ attempts: 3, outcome: expect.any(Error) });
  });
});

describe('what stays as it is fails at once', () => {
  test.for([
    ['a refusal', refusing(400, 'ValidationException'), 'ValidationException'],
    [
      'a condition that does not hold',
      refusing(400, 'ConditionalCheckFailedException'),
      'ConditionalCheckFailedException',
    ],
    ['a queue that is missing', refusing(400, 'QueueDoesNotExist'), 'QueueDoesNotExist'],
    ['a lack of permission', refusing(403, 'AccessDeniedException'), 'AccessDeniedException'],
    ['a redirect', answering(301, '', { location: 'http://127.0.0.1:1/' }), 'Http301'],
    ['something of no kind', answering(404, 'not here'), 'Http404'],
  ] as const)('%s', async ([, mood, name]) => {
    expect(await attemptsAt(mood)).toMatchObject({ attempts: 1, outcome: { name } });
  });
});

test('a server that is not there is tried three times, and the error says which', async () => {
  const server = await moodyServer(good);
  await server[Symbol.asyncDispose]();
  const clock = quickClock();

  const sent = signedRequests(optionsFor(server, clock)).send(ask);

  await expect(sent).rejects.toMatchObject({
    name: 'TransportError',
    code: 'ECONNREFUSED',
    message: expect.stringContaining(new URL(server.url).host),
  });
  expect(clock.pauses.length).toBe(2);
});

test('pauses double, and are longer where the server is too busy', async () => {
  vi.stubEnv('AWS_MAX_ATTEMPTS', '5');
  const busy = refusing(400, 'ThrottlingException');
  const broken = answering(500, '');

  // Half of the longest, as the chance says here.
  expect((await attemptsAt(broken, broken, broken, broken)).pauses).toEqual([25, 50, 100, 200]);
  expect((await attemptsAt(busy, busy, busy, busy)).pauses).toEqual([500, 1_000, 2_000, 4_000]);
});

test.for([
  ['in seconds', { 'retry-after': '2' }, 2_000],
  ['in milliseconds', { 'x-amz-retry-after': '300' }, 300],
  [
    'by a date',
    { date: 'Sat, 21 Nov 2026 12:00:00 GMT', 'retry-after': 'Sat, 21 Nov 2026 12:00:03 GMT' },
    3_000,
  ],
  ['for too long', { 'retry-after': '3600' }, 5_025],
] as const)('waits as long as the server asks for: %s', async ([, headers, pause]) => {
  const { pauses } = await attemptsAt(answering(503, '', headers));

  expect(pauses).toEqual([pause]);
});

test('tries as often as AWS_MAX_ATTEMPTS says', async () => {
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
  expect((await attemptsAt(reset)).attempts).toBe(1);
  vi.stubEnv('AWS_MAX_ATTEMPTS', '4');
  expect((await attemptsAt(reset, reset, reset)).attempts).toBe(4);
  vi.stubEnv('AWS_MAX_ATTEMPTS', 'often');
  await expect(attemptsAt(good)).rejects.toThrow(/AWS_MAX_ATTEMPTS to be a whole number from 1, got 'often'/);
});

test('an outage uses the retries up, and successes give them back', async () => {
  const broken = answering(500, '');
  const outage = Array.from({ length: 69 }, () => broken);
  await using server = await moodyServer(...outage, good, good, good, good, broken, good);
  const requests = signedRequests(optionsFor(server));
  const attemptsOfOne = async () => {
    const before = server.arrived.length;
    await requests.send(ask).catch(() => undefined);
    return server.arrived.length - before;
  };

  const attempts = [];
  for (let request = 0; request < 34; request += 1) attempts.push(await attemptsOfOne());

  // 500 units, 14 for each retry: 35 of them.
  expect(attempts.slice(0, 17)).toEqual(Array.from({ length: 17 }, () => 3));
  expect(attempts.slice(17)).toEqual([2, ...Array.from({ length: 16 }, () => 1)]);
  for (let success = 0; success < 4; success += 1) expect(await attemptsOfOne()).toBe(1);
  expect(await attemptsOfOne()).toBe(2);
  await requests.close();
});

test('a quota never holds more than it was given at first', () => {
  const quota = new RetryQuota();
  for (let success = 0; success < 1_000; success += 1) quota.giveBack();

  let retries = 0;
  while (quota.take('throttled') !== undefined) retries += 1;

  expect(retries).toBe(100);
  quota.giveBack(5);
  expect(quota.take('throttled')).toBe(5);
});
