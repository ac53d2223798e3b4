import type { ServerResponse } from 'node:http';
import { AwsError, answerError } from './json-protocol.ts';

/** Answers a request that failed, as far as it has not been answered. */
export function answerFailure(response: ServerResponse, error: unknown): void {
  if (response.headersSent) response.destroy();
  else answerError(response, error instanceof AwsError ? error : internalFailure(error));
}

function internalFailure(error: unknown): AwsError {
  return new AwsError(500, 'InternalFailure', String(error));
}
