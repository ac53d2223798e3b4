import type { Agent, AgentOptions } from 'node:http';
import https from 'node:https';
import { exchange, type Limits, type Protocol, type Sending } from './exchange.ts';
import type { HttpAnswer } from './http-request.ts';
import { TransportError } from './transport-error.ts';

/** As many as the SDKs open to one host. Further requests wait for one of them. */
const usualMax = 50;

/** Connections that stay open for the next request. */
export class Connections {
  readonly #protocols = new Map<string, Promise<Protocol>>();
  readonly #options: AgentOptions;

  constructor({ max = usualMax }: { readonly max?: number | undefined } = {}) {
    this.#options = { keepAlive: true, maxSockets: max };
  }

  /** @throws TransportError if no whole answer came. */
  async exchange(sending: Sending, limits: Limits): Promise<HttpAnswer> {
    const protocol = await this.#open(sending.origin);
    try {
      return await exchange(protocol, sending, limits);
    } catch (error) {
      // A function that had slept, or a network that forgets: then the other idle ones are dead, too.
      if (error instanceof TransportError && error.reused) destroyIdle(protocol.agent);
      throw error;
    }
  }

  async close(): Promise<void> {
    for (const { agent } of await Promise.all(this.#protocols.values())) agent.destroy();
  }

  #open(origin: string): Promise<Protocol> {
    const { protocol } = new URL(origin);
    const open =
      this.#protocols.get(protocol) ??
      (protocol === 'http:' ? openPlain(this.#options) : openEncrypted(this.#options));
    this.#protocols.set(protocol, open);
    return open;
  }
}

function destroyIdle({ freeSockets }: Agent): void {
  for (const sockets of Object.values(freeSockets)) for (const socket of sockets ?? []) socket.destroy();
}

/** Through the proxy that Node is told to use, with `NODE_USE_ENV_PROXY=1` for example. What is not encrypted is near. */
async function openEncrypted(options: AgentOptions): Promise<Protocol> {
  const { proxyEnv } = https.globalAgent.options;
  const agent = new https.Agent({ ...options, ...(proxyEnv && { proxyEnv }) });
  return { request: https.request, agent, isProxied: proxyEnv !== undefined };
}

/** Loaded on demand: `node:http` brings all of `fetch` with it, which a worker on Lambda does not need. */
async function openPlain(options: AgentOptions): Promise<Protocol> {
  const { default: http } = await import('node:http');
  return { request: http.request, agent: new http.Agent(options), isProxied: false };
}
