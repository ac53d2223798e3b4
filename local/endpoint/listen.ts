import { once } from 'node:events';
import type { Server } from 'node:http';

/** How long requests under way may take to end when the server closes. */
const graceMs = 1_000;

export interface Listening {
  readonly port: number;
  /** Takes no more requests, lets those under way end, then closes every connection. */
  close(): Promise<void>;
}

/** Listens on this machine only. Rejects if the port is taken. */
export async function listen(server: Server, port: number): Promise<Listening> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        const late = setTimeout(() => server.closeAllConnections(), graceMs);
        // Node closes connections that are idle now, and keeps those that become idle later.
        const idle = setInterval(() => server.closeIdleConnections(), 10);
        server.close(() => {
          clearTimeout(late);
          clearInterval(idle);
          resolve();
        });
      }),
  };
}
