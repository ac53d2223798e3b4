import { laneOfRecord, type Opened } from './open-record.ts';
import type { Worker } from './scene.ts';

/** Gives a message back at once that there is no time for: another batch begins with all of its time. */
export async function release(
  { record }: Pick<Opened, 'record'>,
  { app, connection, log }: Worker,
): Promise<void> {
  const { lane } = laneOfRecord(app, record);
  try {
    await connection.cloud.queues.delay(lane.queueName, [record.receiptHandle], 0);
  } catch (error) {
    log.warn('a message comes back later than it could', { messageId: record.messageId, error });
  }
}
