import { createTransport } from 'nodemailer';

type Pool = ReturnType<typeof openPool>;

/** One pool of connections per server: the tasks of one worker share it. */
const pools = new Map<string, Pool>();

/** The mail server that `SMTP_HOST` and `SMTP_PORT` name when a task runs; 1025 is where Mailpit and its kin listen. */
export function mailer(): Pool {
  const { SMTP_HOST: host = '127.0.0.1', SMTP_PORT: port = '1025' } = process.env;
  const address = `${host}:${port}`;
  const pool = pools.get(address) ?? openPool(host, Number(port));
  pools.set(address, pool);
  return pool;
}

/** Whether another try makes sense: the server answered 4xx, or did not answer at all. */
export function isTemporaryRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('responseCode' in error && typeof error.responseCode === 'number') {
    return error.responseCode >= 400 && error.responseCode < 500;
  }
  return 'code' in error && ['ECONNECTION', 'ESOCKET', 'ETIMEDOUT'].includes(String(error.code));
}

function openPool(host: string, port: number) {
  return createTransport({
    pool: true,
    host,
    port,
    maxConnections: 10,
    maxMessages: 1_000,
    // An idle connection goes soon, so that it keeps no worker from ending.
    idleTimeout: 500,
  });
}
