/** How an exchange failed. */
interface Circumstances {
  readonly host: string;
  /** Whether it was on a connection that an earlier request had left open. */
  readonly reused: boolean;
}

interface Facts {
  readonly name: string;
  readonly code: string;
  readonly reused?: boolean;
  readonly cause?: unknown;
}

/** No answer came, or only a part of one. `code` is Node's, such as `ECONNRESET`. */
export class TransportError extends Error {
  override readonly name: string;
  readonly code: string;
  readonly reused: boolean;

  private constructor(message: string, { name, code, reused = false, cause }: Facts) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = name;
    this.code = code;
    this.reused = reused;
  }

  static timeout(missing: string, milliseconds: number): TransportError {
    return new TransportError(`no ${missing} within ${milliseconds} ms`, {
      name: 'TimeoutError',
      code: 'ETIMEDOUT',
    });
  }

  /** An answer came, but damaged. */
  static unreadable(request: string, cause: unknown): TransportError {
    return new TransportError(`The answer to ${request} cannot be read.`, {
      name: 'TransportError',
      code: 'UNREADABLE',
      cause,
    });
  }

  /** What Node or a deadline gave, and at which host. */
  static from(error: unknown, { host, reused }: Circumstances): TransportError {
    const code = codeOf(error);
    const message = error instanceof Error && error.message ? error.message : code;
    const name = error instanceof TransportError ? error.name : 'TransportError';
    const where = message.includes(host) ? message : `${host}: ${message}`;
    return new TransportError(where, { name, code, reused, cause: error });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'ECONNRESET';
}
