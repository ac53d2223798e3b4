import { once } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import { signedRequests } from '../../sdk/aws/http/signed-requests.ts';
import { answering, ask, type Mood, moodyServer, optionsFor, quickClock } from './moody-server.ts';

const good = answering(200, {});
const never: Mood = () => undefined;

test('one connection serves one request after the other', async () => {
  await using server = await moodyServer(good);
  const requests = signedRequests(optionsFor(server));

  for (let count = 0; count < 20; count += 1) await requests.send(ask);

  expect([server.arrived.length, server.sockets.length]).toEqual([20, 1]);
  await requests.close();
});

test('a hundred requests at once open fifty connections', async () => {
  await using server = await moodyServer(good);
  const requests = signedRequests(optionsFor(server));

  await Promise.all(Array.from({ length: 100 }, () => requests.send(ask)));

  expect([server.arrived.length, server.sockets.length]).toEqual([100, 50]);
  await requests.close();
});

test('a function hands its trace on, and nobody else does', async () => {
  await using server = await moodyServer(good);
  const requests = signedRequests(optionsFor(server));
  vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-5759e988-bd862e3fe1be46a994272793');
  await requests.send(ask);
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'store-consumer');
  await requests.send(ask);
  vi.unstubAllEnvs();

  expect(server.arrived.map(({ headers }) => headers['x-amzn-trace-id'])).toEqual([
    undefined,
    'Root=1-5759e988-bd862e3fe1be46a994272793',
  ]);
  await requests.close();
});

test('closing lets every connection go', async () => {
  await using server = await moodyServer(good);
  const requests = signedRequests(optionsFor(server));
  await requests.send(ask);
  const gone = once(server.sockets[0] ?? expect.fail(), 'close');

  await requests.close();

  await gone;
});

test('when an open connection turns out to be dead, all idle ones are left behind', async () => {
  const atOnce = 10;
  const dying: Mood = (response) => response.socket?.resetAndDestroy();
  await using server = await moodyServer(...Array.from({ length: atOnce }, () => good), dying, good);
  const requests = signedRequests(optionsFor(server));
  await Promise.all(Array.from({ length: atOnce }, () => requests.send(ask)));
  expect(server.sockets.length).toBe(atOnce);

  await requests.send(ask);

  // The second attempt is on a new connection, though nine others seemed to be there.
  expect([server.arrived.length, server.sockets.length]).toEqual([atOnce + 2, atOnce + 1]);
  await requests.close();
});

describe('limits of time', () => {
  test('a server that does not answer is left, and tried again', async () => {
    await using server = await moodyServer(never, good);
    const requests = signedRequests({ ...optionsFor(server), timeoutMs: 50 });

    await requests.send(ask);

    expect(server.arrived.length).toBe(2);
    await requests.close();
  });

  test('a server that begins an answer and never ends it is left, and the error says so', async () => {
    const endless: Mood = (response) => void response.writeHead(200).write('{');
    await using server = await moodyServer(endless);
    const requests = signedRequests({ ...optionsFor(server), timeoutMs: 50 });

    await expect(requests.send(ask)).rejects.toMatchObject({
      name: 'TimeoutError',
      code: 'ETIMEDOUT',
      message: expect.stringContaining('no more of the answer within 50 ms'),
    });
    expect(server.arrived.length).toBe(3);
    await requests.close();
  });

  test('one request may have more time than the others', async () => {
    const slow: Mood = (response) => void setTimeout(() => response.end('{}'), 150);
    await using server = await moodyServer(slow);
    const requests = signedRequests({ ...optionsFor(server), timeoutMs: 20 });

    expect(await requests.send({ ...ask, timeoutMs: 5_000 })).toMatchObject({ status: 200 });
    expect(server.arrived.length).toBe(1);
    await requests.close();
  });
});

describe('a request that is no longer wanted', () => {
  test('ends at once with the signal’s reason, and its connection with it', async () => {
    await using server = await moodyServer(never);
    const requests = signedRequests(optionsFor(server));
    const stop = new AbortController();
    const sent = requests.send({ ...ask, signal: stop.signal });
    await expect.poll(() => server.arrived.length).toBe(1);
    const gone = once(server.sockets[0] ?? expect.fail(), 'close');

    stop.abort('enough');

    await expect(sent).rejects.toBe('enough');
    await gone;
    expect(server.arrived.length).toBe(1);
    await requests.close();
  });

  test('is not sent at all if that was known before', async () => {
    await using server = await moodyServer(good);
    const requests = signedRequests(optionsFor(server));

    await expect(requests.send({ ...ask, signal: AbortSignal.abort('early') })).rejects.toBe('early');

    expect(server.sockets.length).toBe(0);
  });

  test('is not tried again when the signal comes in the pause', async () => {
    await using server = await moodyServer(answering(500, ''));
    const stop = new AbortController();
    const clock = quickClock();
    const sleep = async (milliseconds: number, signal?: AbortSignal) => {
      stop.abort('in the pause');
      return clock.sleep(milliseconds, signal);
    };
    const requests = signedRequests({ ...optionsFor(server), clock: { ...clock, sleep } });

    await expect(requests.send({ ...ask, signal: stop.signal })).rejects.toBe('in the pause');

    expect(server.arrived.length).toBe(1);
    await requests.close();
  });

  test('leaves no listener on its signal', async () => {
    await using server = await moodyServer(good);
    const requests = signedRequests(optionsFor(server));
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');

    for (let count = 0; count < 5; count += 1) await requests.send({ ...ask, signal });

    expect(added.mock.calls.length).toBeGreaterThan(0);
    expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(
      added.mock.calls.map(([, listener]) => listener),
    );
    await requests.close();
  });
});
