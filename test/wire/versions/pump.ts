import type { Context } from 'aws-lambda';
import { silentLogger, type Tallo } from 'tallo';
import { consumer } from 'tallo/functions';
import type { MemoryCloud } from 'tallo/testing';
import { readBatchAnswer } from '../../../functions/event-source/batch-answer.ts';
import { sqsEvent } from '../../../functions/event-source/sqs-event.ts';
import { lanesAsQueues } from '../../../sdk/app/lanes.ts';

export interface PumpOptions {
  /** How many messages are at work at once. */
  readonly parallel: number;
  /** How many messages are taken and never answered for, before any other. @default none */
  readonly lost?: number;
  /** Called before each message is taken, when none is at work if they go one by one. */
  readonly beforeEach?: () => void;
}

/**
 * Starts a worker that takes messages singly, in their order, and begins only when it is told: so a cloud can be filled before, and looked
 * at between any two messages.
 */
export function startPump(
  app: Tallo,
  cloud: MemoryCloud,
  { parallel, lost = 0, beforeEach }: PumpOptions,
): void {
  // What one process knows another does not: where messages go at once, there are two of them.
  const processes = Array.from({ length: Math.min(parallel, 2) }, () => consumer(app, { log: silentLogger }));
  const lanes = app.settings.topology.queues
    .filter(({ runOn }) => runOn !== 'celery')
    .flatMap(lanesAsQueues)
    .map(({ queueName, timeoutSeconds }) => ({
      queueName,
      timeoutSeconds,
      queue: cloud.queues.named(queueName),
    }));
  let running = 0;
  let taken = 0;
  const startSoon = () => void setImmediate(fill);
  const fill = () => {
    for (const lane of lanes) while (running < parallel && lane.queue.hasVisible) work(lane);
  };
  const work = ({ queueName, timeoutSeconds, queue }: (typeof lanes)[number]) => {
    beforeEach?.();
    const messages = queue.take(1);
    if (messages.length === 0 || taken++ < lost) return;
    const handle = processes[taken % processes.length] ?? consumer(app);
    running += 1;
    const event = sqsEvent(messages, { queueName, region: 'memory', account: '000000000000' });
    const end = cloud.clock.now() + timeoutSeconds * 1_000;
    // A context with what workers ask for; the rest of Lambda's is of no use in memory.
    const context = { getRemainingTimeInMillis: () => end - cloud.clock.now() } as Context;
    void cloud.clock
      .occupied(async () => readBatchAnswer(event, await handle(event, context)))
      .then(({ deleted }) => {
        for (const { messageId, handle: receipt } of messages)
          if (deleted.includes(messageId)) queue.delete(receipt);
      })
      .finally(() => {
        running -= 1;
        startSoon();
      });
  };
  for (const { queue } of lanes) queue.onVisible(startSoon);
  startSoon();
}
