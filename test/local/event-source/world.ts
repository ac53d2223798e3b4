import type { Context, SQSEvent } from 'aws-lambda';
import { onTestFinished } from 'vitest';
import { type EventSource, startEventSource } from '../../../local/event-source/event-source.ts';
import type { EventSourceOptions } from '../../../local/event-source/options.ts';
import { queueTopology } from '../../../sdk/app/queue-topology.ts';
import type { QueueTopology } from '../../../sdk/app/topology.ts';
import { StandingQueue } from './standing-queue.ts';
import { settled, VirtualClock } from './virtual-clock.ts';

/** One call of the handler, as the test sees it. */
export interface Call {
  readonly at: number;
  readonly event: SQSEvent;
  readonly context: Context;
  readonly ids: readonly string[];
  /** Ends a call of a handler that waits. */
  answer(value?: unknown): Promise<void>;
}

export interface World {
  readonly clock: VirtualClock;
  readonly queue: StandingQueue;
  readonly source: EventSource;
  readonly calls: readonly Call[];
  readonly warnings: readonly string[];
  /** Calls that have not been answered. */
  readonly open: () => number;
  send(count: number, body?: string): Promise<void>;
}

interface WorldOptions {
  readonly queue?: Partial<QueueTopology>;
  /** What the handler answers. @default undefined, so that all succeeds; 'waits': it waits for `call.answer` */
  readonly handler?: EventSourceOptions['handler'] | 'waits';
  /** The queue as the event source sees it. */
  readonly through?: (queue: StandingQueue) => EventSourceOptions['queues'];
}

/** A queue, an event source that serves it, and a clock that stands still. */
export async function world(options: WorldOptions = {}): Promise<World> {
  const { handler = async () => undefined, through = (queue) => queue } = options;
  const topology = { ...queueTopology('store', 'default', {}), visibilitySeconds: 192, ...options.queue };
  const clock = new VirtualClock();
  const queue = new StandingQueue(clock, topology.visibilitySeconds);
  const calls: Call[] = [];
  const warnings: string[] = [];
  let open = 0;

  const record: EventSourceOptions['handler'] = (event, context) => {
    const answer = Promise.withResolvers<unknown>();
    const end = (value?: unknown) => {
      answer.resolve(value);
      return settled();
    };
    const ids = event.Records.map(({ messageId }) => messageId);
    calls.push({ at: clock.now(), event: structuredClone(event), context, ids, answer: end });
    open += 1;
    const answered = handler === 'waits' ? answer.promise : handler(event, context);
    return answered.finally(() => {
      open -= 1;
    });
  };

  const source = startEventSource({
    queues: through(queue),
    clock,
    queue: topology,
    handler: record,
    region: 'us-east-1',
    account: '123456789012',
    log: { warn: (message) => warnings.push(message) },
  });
  onTestFinished(async () => {
    for (const call of calls) await call.answer();
    await Promise.all([source.stop(), clock.advance(1_000_000)]);
  });
  await settled();
  const send = async (count: number, body = '{}') => {
    await queue.send(
      topology.queueName,
      Array.from({ length: count }, () => ({ body })),
    );
  };
  return { clock, queue, source, calls, warnings, open: () => open, send };
}

/** A handler that reports these messages as failed, the first time it sees them. */
export function failingOnce(...ids: string[]): EventSourceOptions['handler'] {
  const failing = new Set(ids);
  return async (event) => ({
    batchItemFailures: event.Records.filter(({ messageId }) => failing.delete(messageId)).map(
      ({ messageId }) => ({ itemIdentifier: messageId }),
    ),
  });
}
