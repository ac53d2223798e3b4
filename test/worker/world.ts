import type { Context, SQSEvent } from 'aws-lambda';
import { type InterruptibleContext, interruptionOf } from '../../functions/consumer/interruption.ts';
import { startProcessSource } from '../../local/process/process-source.ts';
import { queueTopology } from '../../sdk/app/queue-topology.ts';
import type { QueueOptions } from '../../sdk/index.ts';
import type { Queues } from '../../sdk/ports/queues.ts';
import { StandingQueue } from '../local/event-source/standing-queue.ts';
import { settled, VirtualClock } from '../local/event-source/virtual-clock.ts';

/** One run of the handler, as the test sees it. */
export interface Run {
  readonly at: number;
  readonly id: string;
  readonly lane: string;
  readonly remaining: number;
  readonly interruption: AbortSignal | undefined;
  /** Ends it. */
  succeed(): Promise<void>;
  fail(): Promise<void>;
}

/** A process at work on a queue, on a clock that stands still, with a handler that waits for the test. */
export async function world(options: QueueOptions = {}, through = (queues: Queues): Queues => queues) {
  const topology = queueTopology('store', 'default', { runOn: 'server', ...options });
  const clock = new VirtualClock();
  const lanes = new Map(
    topology.lanes.map(({ queueName }) => [queueName, new StandingQueue(clock, topology.visibilitySeconds)]),
  );
  const runs: Run[] = [];
  const logs: string[] = [];
  const handler = (event: SQSEvent, context: Context | InterruptibleContext) => {
    const answer = Promise.withResolvers<unknown>();
    const [record] = event.Records;
    if (!record || event.Records.length > 1) throw new Error('Expected one message.');
    const { messageId } = record;
    const end = (value: unknown) => {
      answer.resolve(value);
      return settled();
    };
    runs.push({
      at: clock.now(),
      id: messageId,
      lane: record.eventSourceARN.split(':').at(-1) ?? '',
      remaining: context.getRemainingTimeInMillis(),
      interruption: interruptionOf(context),
      succeed: () => end(undefined),
      fail: () => end({ batchItemFailures: [{ itemIdentifier: messageId }] }),
    });
    return answer.promise;
  };
  const busy = { now: 0 };
  const source = startProcessSource({
    queues: through(joined(lanes)),
    clock,
    queue: topology,
    handler,
    region: 'us-east-1',
    account: '123456789012',
    log: { info: (message) => logs.push(message), warn: (message) => logs.push(message) },
    occupation: {
      begin: () => {
        busy.now += 1;
      },
      end: () => {
        busy.now -= 1;
      },
    },
  });
  await settled();
  const laneOf = (name: string): StandingQueue => lanes.get(name) ?? new StandingQueue(clock, 0);
  const send = (count: number, name = 'store-default') =>
    laneOf(name).send(
      name,
      Array.from({ length: count }, () => ({ body: '{}' })),
    );
  return { clock, source, runs, logs, busy, laneOf, queue: laneOf('store-default'), send };
}

/** Several queues under one port. */
function joined(lanes: ReadonlyMap<string, StandingQueue>): Queues {
  const lane = (name: string) => {
    const queue = lanes.get(name);
    if (!queue) throw new Error(`There is no queue ${name}.`);
    return queue;
  };
  return {
    send: (name, messages) => lane(name).send(name, messages),
    receive: (name, options) => lane(name).receive(name, options),
    delete: (name, handles) => lane(name).delete(name, handles),
    delay: (name, handles, seconds) => lane(name).delay(name, handles, seconds),
  };
}
