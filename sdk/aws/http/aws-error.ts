/** By this the command line knows such an error, also one of another copy of this package. */
export const awsErrorBrand: unique symbol = Symbol.for('tallo.aws-error');

/** What a service said of an error. */
export interface Refusal {
  /** The service's own code, such as `ThrottlingException`. */
  readonly name: string;
  readonly message: string;
  /** Of HTTP. */
  readonly status: number;
  readonly requestId: string | undefined;
  /** The request, such as `sqs.SendMessageBatch`. */
  readonly request: string;
  /** When the service said it, by its own clock, epoch milliseconds. */
  readonly serverTime: number | undefined;
  /** How long the service asks us to wait. */
  readonly retryAfterMs: number | undefined;
}

/** A service of AWS answered with an error. `name` is the service's code for it, as in the SDKs. */
export class AwsError extends Error {
  // On the class, or it would be printed with each error.
  get [awsErrorBrand](): true {
    return true;
  }

  override readonly name: string;
  readonly status: number;
  /** By this AWS's support finds the request. */
  readonly requestId: string | undefined;
  /** Such as `sqs.SendMessageBatch`. */
  readonly request: string;
  /** Hidden, since whoever prints the error does not want them. */
  readonly #hints: Pick<Refusal, 'serverTime' | 'retryAfterMs'>;

  constructor({ name, message, status, requestId, request, serverTime, retryAfterMs }: Refusal) {
    super(message);
    this.name = name;
    this.status = status;
    this.requestId = requestId;
    this.request = request;
    this.#hints = { serverTime, retryAfterMs };
  }

  /** When the service said it, by its own clock, epoch milliseconds. */
  get serverTime(): number | undefined {
    return this.#hints.serverTime;
  }

  /** How long the service asks us to wait. */
  get retryAfterMs(): number | undefined {
    return this.#hints.retryAfterMs;
  }
}

/** Whether AWS gave this error. */
export function isAwsError(error: unknown, name: string): error is AwsError {
  return error instanceof AwsError && error.name === name;
}
