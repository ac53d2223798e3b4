import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { SignedRequestsOptions } from '../../sdk/aws/http/signed-requests.ts';
import type { Clock } from '../../sdk/ports/clock.ts';

/** How the server behaves once. */
export type Mood = (response: ServerResponse, request: IncomingMessage) => void;

/** What arrived. */
export interface Arrived {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly socket: Socket;
}

export interface MoodyServer extends AsyncDisposable {
  readonly url: string;
  readonly arrived: readonly Arrived[];
  /** All connections that were opened. */
  readonly sockets: readonly Socket[];
}

/** A real HTTP server that behaves at each request as it is told, and in the end as the last mood says. */
export async function moodyServer(...moods: readonly Mood[]): Promise<MoodyServer> {
  const arrived: Arrived[] = [];
  const sockets: Socket[] = [];
  const server = createServer(async (request, response) => {
    const mood = moods[Math.min(arrived.length, moods.length - 1)];
    const { method = '', url = '', headers, socket } = request;
    const place = arrived.push({ method, path: url, headers, body: '', socket }) - 1;
    let body = '';
    for await (const part of request.setEncoding('utf8')) body += part;
    arrived[place] = { method, path: url, headers, body, socket };
    mood?.(response, request);
  });
  server.on('connection', (socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    arrived,
    sockets,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with that status and body. */
export function answering(status: number, body: unknown = {}, headers: Record<string, string> = {}): Mood {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return (response) => void response.writeHead(status, headers).end(text);
}

/** An error as services with JSON write it. */
export function refusing(status: number, code: string, headers: Record<string, string> = {}): Mood {
  return answering(status, { __type: `com.amazonaws.test#${code}`, message: `because of ${code}` }, headers);
}

/** Where pauses take no time, and are noted. */
export interface QuickClock extends Clock {
  readonly pauses: readonly number[];
}

export function quickClock(now: () => number = Date.now): QuickClock {
  const pauses: number[] = [];
  return {
    now,
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      pauses.push(milliseconds);
    },
    after: () => () => undefined,
    pauses,
  };
}

/** Requests to that server. */
export function optionsFor(
  { url }: Pick<MoodyServer, 'url'>,
  clock: Clock = quickClock(),
): SignedRequestsOptions {
  return {
    service: 'sqs',
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    clock,
    chance: { newId: () => 'id', random: () => 0.5 },
  };
}

export const ask = { method: 'POST', path: '/', name: 'sqs.Test', body: '{}' } as const;
