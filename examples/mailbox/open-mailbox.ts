import { buffer } from 'node:stream/consumers';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export interface Letter {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly attachments: readonly Attachment[];
  /** When it came, epoch milliseconds. */
  readonly at: number;
}

export interface Attachment {
  readonly name: string;
  readonly type: string;
  readonly content: Buffer;
}

export interface Mailbox extends AsyncDisposable {
  readonly port: number;
  /** In the order in which they came. */
  readonly letters: readonly Letter[];
  /** From then on connections are refused, as when the server is down. */
  close(): Promise<void>;
  /** Listens again, on the same port. */
  reopen(): Promise<void>;
}

interface Listening {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** A real SMTP server on 127.0.0.1 that takes every letter, opens it, stamps it and keeps it. */
export async function openMailbox(now: () => number): Promise<Mailbox> {
  const letters: Letter[] = [];
  const take = async (to: readonly string[], letter: Buffer) =>
    void letters.push({ ...(await read(letter)), to, at: now() });
  let listening: Listening | undefined = await listen(take);
  const { port } = listening;
  const close = async () => {
    await listening?.close();
    listening = undefined;
  };
  const reopen = async () => {
    listening ??= await listen(take, port);
  };
  return { port, letters, close, reopen, [Symbol.asyncDispose]: close };
}

type Take = (to: readonly string[], letter: Buffer) => Promise<void>;

async function listen(take: Take, port = 0): Promise<Listening> {
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    closeTimeout: 1_000,
    disableReverseLookup: true,
    onData(stream, { envelope }, done) {
      const to = envelope.rcptTo.map(({ address }) => address);
      buffer(stream)
        .then((letter) => take(to, letter))
        .then(() => done(), done);
    },
  });
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  const { server: socket } = server;
  server.on('error', reject);
  server.listen(port, '127.0.0.1', resolve);
  await ready;
  const address = socket.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP port to listen on.');
  return { port: address.port, close: () => new Promise<void>((done) => server.close(done)) };
}

async function read(letter: Buffer): Promise<Omit<Letter, 'to' | 'at'>> {
  const { subject = '', text = '', attachments } = await PostalMime.parse(letter);
  return {
    subject,
    text,
    attachments: attachments.map(({ filename, mimeType, content }) => ({
      name: filename ?? '',
      type: mimeType,
      content: typeof content === 'string' ? Buffer.from(content) : Buffer.from(new Uint8Array(content)),
    })),
  };
}
