import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';

/** What a middleware sees of a batch. */
export interface MiddlewareRequest {
  event: SQSEvent;
  context: Context;
  response: SQSBatchResponse | null | undefined;
  error: Error | null | undefined;
  internal: Record<string, unknown>;
}

/**
 * A middy middleware.
 *
 * @see https://middy.js.org/docs/intro/how-it-works
 */
export interface Middleware {
  before?(request: MiddlewareRequest): unknown;
  after?(request: MiddlewareRequest): unknown;
  onError?(request: MiddlewareRequest): unknown;
}

/** A worker: the handler of a Lambda function whose event source is a queue of the app. */
export interface Consumer {
  (event: SQSEvent, context: Context): Promise<SQSBatchResponse>;
  use(middleware: Middleware | Middleware[]): Consumer;
}
