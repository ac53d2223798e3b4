import { once } from 'node:events';
import https from 'node:https';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import tls from 'node:tls';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { signedRequests } from '../../sdk/aws/http/signed-requests.ts';
import { selfSigned } from './certificate.ts';
import { ask, moodyServer, optionsFor } from './moody-server.ts';

const { key, cert } = selfSigned('127.0.0.1');
const { options } = https.globalAgent;
const usual = options.proxyEnv;
let closing: (() => void)[] = [];

beforeAll(() => tls.setDefaultCACertificates([...tls.getCACertificates('default'), cert]));

beforeEach(() => {
  closing = [];
});

afterEach(() => {
  options.proxyEnv = usual;
  for (const close of closing) close();
});

async function listening(server: ReturnType<typeof createServer>): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)));
  closing.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A proxy, as Node knows it from `NODE_USE_ENV_PROXY=1` and `HTTPS_PROXY`. Answers what it was asked for. */
async function proxy(answer: (socket: Socket, target: string) => void): Promise<readonly string[]> {
  const asked: string[] = [];
  const server = createServer((socket) =>
    socket.once('data', (data) => {
      const [, target = ''] = data.toString().split(' ');
      asked.push(target);
      answer(socket, target);
    }),
  );
  const url = `http://127.0.0.1:${await listening(server)}`;
  options.proxyEnv = { HTTPS_PROXY: url, HTTP_PROXY: url };
  return asked;
}

function opening(socket: Socket, target: string): void {
  const [host, port] = target.split(':');
  const far = connect(Number(port), host, () => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    socket.pipe(far).pipe(socket);
  });
  far.on('error', () => socket.destroy());
}

test('what is encrypted goes through the proxy that Node is told to use', async () => {
  const server = https.createServer({ key, cert }, (request, response) =>
    request.resume().on('end', () => response.end('{}')),
  );
  const host = `127.0.0.1:${await listening(server)}`;
  const asked = await proxy(opening);
  const requests = signedRequests(optionsFor({ url: `https://${host}` }));

  for (let count = 0; count < 3; count += 1) expect(await requests.send(ask)).toMatchObject({ status: 200 });

  expect(asked).toEqual([host]);
  await requests.close();
});

test('an emulator without encryption is asked directly', async () => {
  await using server = await moodyServer((response) => response.end('{}'));
  const asked = await proxy(opening);
  const requests = signedRequests(optionsFor(server));

  await requests.send(ask);

  expect(asked).toEqual([]);
  await requests.close();
});

test('a proxy that does not answer keeps no process alive', async () => {
  const gone: Promise<unknown>[] = [];
  await proxy((socket) => void gone.push(once(socket, 'close')));
  const requests = signedRequests({ ...optionsFor({ url: 'https://127.0.0.1:1' }), timeoutMs: 50 });

  await requests.send(ask).catch(() => undefined);

  expect((await Promise.all(gone)).length).toBe(3);
  await requests.close();
});

test.for([
  ['does not answer', () => undefined],
  ['opens a way that leads nowhere', (socket: Socket) => void socket.write('HTTP/1.1 200 OK\r\n\r\n')],
] as const)('a proxy that %s is not waited for without end', async ([, answer]) => {
  const asked = await proxy(answer);
  const requests = signedRequests({ ...optionsFor({ url: 'https://127.0.0.1:1' }), timeoutMs: 50 });

  await expect(requests.send(ask)).rejects.toMatchObject({
    name: 'TimeoutError',
    message: '127.0.0.1:1: no way through the proxy within 50 ms',
  });

  expect(asked.length).toBe(3);
  await requests.close();
});
