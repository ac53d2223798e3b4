import { createServer } from 'node:http';
import { answerFailure } from './answer-failure.ts';
import { listen } from './listen.ts';
import { schedulerRouter } from './scheduler/router.ts';
import { Scheduler } from './scheduler/scheduler.ts';
import type { SendScheduled } from './scheduler/targets/scheduled-message.ts';
import { type SchedulerOptions, withDefaults } from './scheduler-options.ts';
import { sendToSqs } from './send-to-sqs.ts';

/** How a scheduler of its own runs. */
export interface SchedulerEndpointOptions extends SchedulerOptions {
  /** Sends to a queue. @default over HTTP, to where `AWS_ENDPOINT_URL_SQS` or `AWS_ENDPOINT_URL` says */
  readonly send?: SendScheduled;
}

/** EventBridge Scheduler alone, on an address of its own. */
export interface SchedulerEndpoint extends AsyncDisposable {
  /** To be given as `AWS_ENDPOINT_URL_SCHEDULER`. */
  readonly url: string;
  readonly port: number;
  /** Fires nothing more, waits for functions that run, lets the port go. Every schedule is gone. */
  stop(): Promise<void>;
}

/**
 * Starts EventBridge Scheduler alone on 127.0.0.1: beside LocalStack, whose own keeps schedules but does not fire them. What is
 * due goes to the queues of the other endpoint.
 *
 * @example
 * ```ts
 * import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
 * import { startSchedulerEndpoint } from 'tallo/local';
 *
 * const fired = Promise.withResolvers<unknown>();
 * await using scheduler = await startSchedulerEndpoint({
 *   functions: { hello: async (event) => fired.resolve(event) },
 * });
 *
 * const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
 * const client = new SchedulerClient({ endpoint: scheduler.url, region: 'us-east-1', credentials });
 * await client.send(
 *   new CreateScheduleCommand({
 *     Name: 'hello',
 *     ScheduleExpression: 'rate(1 hour)', // the first time at once
 *     FlexibleTimeWindow: { Mode: 'OFF' },
 *     Target: {
 *       Arn: 'arn:aws:lambda:us-east-1:000000000000:function:hello',
 *       RoleArn: 'arn:aws:iam::000000000000:role/scheduler',
 *       Input: JSON.stringify({ hello: 'world' }),
 *     },
 *   }),
 * );
 * console.log(await fired.promise); // { hello: 'world' }
 * client.destroy();
 * ```
 */
export async function startSchedulerEndpoint(
  options: SchedulerEndpointOptions = {},
): Promise<SchedulerEndpoint> {
  const sender = sendToSqs();
  const scheduler = new Scheduler({ ...withDefaults(options), send: options.send ?? sender.send });
  const handle = schedulerRouter(scheduler);
  const server = createServer((request, response) => {
    void handle(request, response).catch((error: unknown) => answerFailure(response, error));
  });
  const { port, close } = await listen(server, options.port ?? 0);
  const stop = async () => {
    await scheduler.stop();
    await sender.close();
    await close();
  };
  return { url: `http://127.0.0.1:${port}`, port, stop, [Symbol.asyncDispose]: stop };
}
