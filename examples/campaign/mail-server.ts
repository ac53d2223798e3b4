import { createHash } from 'node:crypto';
import { SMTPServer } from 'smtp-server';
import { closedDomain } from './recipients.ts';

export interface MailServerOptions {
  /** @default 0: any free port */
  readonly port?: number;
  /** How many sends are refused with "try again later". @default 0.1 */
  readonly refusalRate?: number;
  /** Decides which: the same seed refuses the same sends, in whatever order they arrive. @default 1 */
  readonly seed?: number;
}

export interface MailServer extends AsyncDisposable {
  readonly port: number;
  /** Letters taken, by recipient. */
  readonly received: ReadonlyMap<string, number>;
  /** How many sends were refused with 451 and with 550. */
  readonly refused: { readonly temporarily: number; readonly forGood: number };
}

/** A real SMTP server on 127.0.0.1 with the moods of real ones. Letters are counted and thrown away. */
export async function startMailServer({
  port = 0,
  refusalRate = 0.1,
  seed = 1,
}: MailServerOptions = {}): Promise<MailServer> {
  const received = new Map<string, number>();
  const refused = { temporarily: 0, forGood: 0 };
  const attempts = new Map<string, number>();
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    closeTimeout: 1_000,
    disableReverseLookup: true,
    onRcptTo({ address }, _session, done) {
      const attempt = count(attempts, address);
      const refusal = refusalOf(address, () => draw(seed, address, attempt) < refusalRate);
      if (refusal) refused[refusal.responseCode === 550 ? 'forGood' : 'temporarily']++;
      done(refusal);
    },
    onData(stream, { envelope }, done) {
      stream.resume().once('end', () => {
        for (const { address } of envelope.rcptTo) count(received, address);
        done();
      });
    },
  });
  const { promise: listening, resolve } = Promise.withResolvers<void>();
  const { server: socket } = server;
  server.listen(port, '127.0.0.1', resolve);
  await listening;
  const address = socket.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP port to listen on.');
  const stop = () => new Promise<void>((done) => server.close(done));
  return { port: address.port, received, refused, [Symbol.asyncDispose]: stop };
}

class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly responseCode: number;

  constructor(responseCode: number, message: string) {
    super(message);
    this.responseCode = responseCode;
  }
}

function refusalOf(address: string, isInBadMood: () => boolean): Refusal | null {
  if (address.endsWith(`@${closedDomain}`)) return new Refusal(550, '5.1.1 No such mailbox');
  return isInBadMood() ? new Refusal(451, '4.7.1 Busy, try again later') : null;
}

function count(tally: Map<string, number>, key: string): number {
  const next = (tally.get(key) ?? 0) + 1;
  tally.set(key, next);
  return next;
}

/** A number from 0 to 1 that depends on nothing else. */
function draw(...seeds: readonly unknown[]): number {
  return createHash('sha256').update(seeds.join(' ')).digest().readUInt32BE() / 2 ** 32;
}
