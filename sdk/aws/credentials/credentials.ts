/** Whose requests they are. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Credentials that end some day. */
export interface TemporaryCredentials extends Credentials {
  /** Epoch milliseconds; for ever if it is left out. */
  readonly expiresAt?: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;
