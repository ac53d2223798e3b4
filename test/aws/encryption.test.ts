import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { describe, expect, test } from 'vitest';
import { signedRequests } from '../../sdk/aws/http/signed-requests.ts';
import { selfSigned } from './certificate.ts';
import { ask, quickClock } from './moody-server.ts';

describe('over TLS', () => {
  const { key, cert } = selfSigned('127.0.0.1');

  async function encryptedServer() {
    const server = createServer({ key, cert }, (request, response) =>
      request.resume().on('end', () => response.end('{}')),
    );
    let sockets = 0;
    server.on('secureConnection', () => {
      sockets += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const close = async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    };
    return { url: `https://127.0.0.1:${port}`, sockets: () => sockets, [Symbol.asyncDispose]: close };
  }

  const optionsAt = (endpoint: string) => ({
    service: 'dynamodb' as const,
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    clock: quickClock(),
  });

  test('a certificate that nobody vouches for is refused, and not asked again', async () => {
    await using server = await encryptedServer();
    const options = optionsAt(server.url);

    const sent = signedRequests(options).send(ask);

    await expect(sent).rejects.toMatchObject({ name: 'TransportError', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(options.clock.pauses).toEqual([]);
  });

  test('one connection serves one request after the other', async () => {
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), cert]);
    await using server = await encryptedServer();
    const requests = signedRequests(optionsAt(server.url));

    for (let count = 0; count < 5; count += 1)
      expect(await requests.send(ask)).toMatchObject({ status: 200 });

    expect(server.sockets()).toBe(1);
    await requests.close();
  });
});
