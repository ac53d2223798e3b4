/** A request as it is given to the wire: its path is encoded already. */
export interface HttpRequest {
  readonly method: string;
  /** Scheme, host and port, such as `https://sqs.us-east-1.amazonaws.com`. */
  readonly origin: string;
  /** Begins with a slash, percent-encoded, without the query. */
  readonly path: string;
  /** Not encoded yet. */
  readonly query: Query;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The parameters of a query; what is undefined is left out. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What came back. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case; what came several times is joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}
