import middy, { type MiddlewareObj } from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { AppCore } from '../../sdk/app/app-core.ts';
import { jsonLogger, type Logger } from '../../sdk/log/logger.ts';
import { createStages } from './admission/stages.ts';
import { byRoom } from './by-room.ts';
import { consumeBatch } from './consume-batch.ts';
import type { Consumer, Middleware } from './consumer.ts';
import { interruptionOf } from './interruption.ts';
import { oneByOne } from './one-by-one.ts';
import { createRevocations } from './revocations/revocations.ts';

/** What a worker may be given besides its app. */
export interface ConsumerOptions {
  /** middy middlewares around every batch, in this order. More can be added with `.use()`. @default none */
  readonly middlewares?: readonly Middleware[];
  /** @default JSON lines on standard output */
  readonly log?: Logger;
}

/**
 * Makes the worker of an app. One function per queue, or one for all: the handler sees in each record where it came from.
 * The event source mapping needs `ReportBatchItemFailures`.
 *
 * @throws ConfigurationError (CONFIGURATION), failing the whole batch, for an event that is not from a queue of the app.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 * @example
 * ```ts
 * import { Tallo } from 'tallo';
 * import { consumer } from 'tallo/functions';
 *
 * const app = new Tallo('store');
 * app.task('math.add', (x: number, y: number) => x + y);
 *
 * export const handler = consumer(app);
 * ```
 */
export function consumer(
  app: AppCore,
  { middlewares = [], log = jsonLogger() }: ConsumerOptions = {},
): Consumer {
  // Lambda gives the init phase more of a processor than most functions have later: the AWS clients load now.
  if (process.env.AWS_LAMBDA_FUNCTION_NAME) app.connection().catch(() => undefined);
  const gates = { suspectGate: oneByOne(), payloadRoom: byRoom() };
  const memory = { ...gates, stages: createStages(), revocations: createRevocations() };
  const state = { app, log, ...memory };
  const handle = (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
    consumeBatch(
      event,
      { ...state, interruption: interruptionOf(context) },
      () => context?.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY,
    );
  // The consumer answers by itself before its time is up, with what is stored by then: middy must not cut it off.
  const handler = middy<SQSEvent, SQSBatchResponse, Error, Context>({ timeoutEarlyInMillis: 0 }).handler(
    handle,
  );
  for (const middleware of middlewares) handler.use(middleware as MiddlewareObj<SQSEvent, SQSBatchResponse>);
  // Our own type says the same as middy's, whose declarations need packages that our users do not have.
  return handler as unknown as Consumer;
}
