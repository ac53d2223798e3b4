import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { Deadline } from './deadline.ts';
import type { HttpAnswer } from './http-request.ts';
import { TransportError } from './transport-error.ts';
import { writeBody } from './write-body.ts';

/** What goes over the wire. */
export interface Sending {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly method: string;
  /** With its query, all encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What makes requests: `node:https`, or `node:http` where there is no encryption. */
export interface Protocol {
  readonly request: (options: RequestOptions) => ClientRequest;
  readonly agent: Agent;
  readonly isProxied: boolean;
}

export interface Limits {
  /** Until there is a connection. */
  readonly connectMs: number;
  /** Until the answer begins, from when there is a socket for it; anew with each part that goes or comes. */
  readonly answerMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One request and its answer, whatever its status.
 *
 * @throws TransportError if no whole answer came.
 * @throws The signal's reason, if it aborts first.
 */
export async function exchange(protocol: Protocol, sending: Sending, limits: Limits): Promise<HttpAnswer> {
  const { signal } = limits;
  signal?.throwIfAborted();
  const { hostname, port, host } = new URL(sending.origin);
  const request = protocol.request({
    agent: protocol.agent,
    method: sending.method,
    // Node wants an IPv6 address without its brackets.
    host: hostname.replace(/^\[|\]$/g, ''),
    port,
    // As it is: a URL would take dots out of it, which are part of a key of S3.
    path: sending.path,
    headers: { ...sending.headers, ...lengthOf(sending) },
    // Node alone can close a connection to a proxy that opens no way: later than we give it up.
    ...(protocol.isProxied && { timeout: 2 * limits.answerMs }),
  });
  const watch = watched(request, protocol, limits);
  try {
    return await Promise.race([answerTo(request, sending.body, watch), watch.ended]);
  } catch (error) {
    request.destroy();
    signal?.throwIfAborted();
    throw TransportError.from(error, { host, reused: request.reusedSocket });
  } finally {
    watch.stop();
  }
}

/** Requests that never have a body do not speak of one. */
function lengthOf({ method, body }: Sending) {
  return method !== 'PUT' && method !== 'POST' && body.byteLength === 0
    ? {}
    : { 'content-length': String(body.byteLength) };
}

/** Who is told that the exchange goes on. */
interface Progress {
  readonly partWent: () => void;
  readonly partCame: () => void;
}

async function answerTo(
  request: ClientRequest,
  body: Uint8Array,
  { partWent, partCame }: Progress,
): Promise<HttpAnswer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
    writeBody(request, body, partWent);
  });
  const parts: Buffer[] = [];
  for await (const part of response) {
    parts.push(part);
    partCame();
  }
  const headers = Object.entries(response.headers).map(
    ([name, value = '']) => [name, Array.isArray(value) ? value.join(', ') : value] as const,
  );
  return {
    status: response.statusCode ?? 0,
    headers: Object.fromEntries(headers),
    body: Buffer.concat(parts),
  };
}

/** Ends with an error when the request takes too long, or is no longer wanted. */
function watched(request: ClientRequest, { isProxied }: Protocol, { connectMs, answerMs, signal }: Limits) {
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const deadlines: Deadline[] = [];
  const within = (milliseconds: number, missing: string) => {
    const deadline = new Deadline({ missing, milliseconds }, reject);
    deadlines.push(deadline);
    return deadline;
  };
  // Through a proxy there is no socket before the proxy has opened the way.
  let answer = isProxied ? within(answerMs, 'way through the proxy') : undefined;
  request.once('socket', (socket) => {
    answer?.stop();
    answer = within(answerMs, 'answer');
    if (!socket.connecting) return;
    const connection = within(connectMs, 'connection');
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => connection.stop());
  });
  const abort = () => reject(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  const stop = () => {
    for (const deadline of deadlines) deadline.stop();
    answer = undefined;
    signal?.removeEventListener('abort', abort);
  };
  const partWent = () => answer?.restart('answer');
  const partCame = () => answer?.restart('more of the answer');
  return { ended, stop, partWent, partCame };
}
