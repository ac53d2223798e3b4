import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { AppCore } from '../../sdk/app/app-core.ts';
import { findTask } from '../../sdk/engine/builtin-tasks.ts';
import type { Delivery } from '../../sdk/engine/delivery.ts';
import { gate, type History } from '../../sdk/engine/gate.ts';
import { Interruption, limitsOf } from '../../sdk/engine/time-limits.ts';
import type { Logger } from '../../sdk/log/logger.ts';
import type { Stage } from './admission/stage.ts';
import { answerTimeMs, beforeTime } from './before-time.ts';
import { buryUnreadable } from './bury-unreadable.ts';
import type { Room } from './by-room.ts';
import { consumeReferring } from './consume-referring.ts';
import { countdown } from './countdown.ts';
import { needsHistory, readHistories } from './history.ts';
import type { oneByOne } from './one-by-one.ts';
import { openBatch } from './open-batch.ts';
import type { Opened } from './open-record.ts';
import { processDelivery } from './process-delivery.ts';
import { release } from './release.ts';
import type { createRevocations } from './revocations/revocations.ts';
import type { Stages, Worker } from './scene.ts';

/** What the consumer needs to know of its invocation: how long it still has, milliseconds. */
export type RemainingTime = () => number;

/** What all batches of one process share. */
export interface Process {
  readonly app: AppCore;
  readonly log: Logger;
  /** Where messages wait that may have killed a worker. */
  readonly suspectGate: ReturnType<typeof oneByOne>;
  /** Where messages wait whose payloads the worker has no room for now. */
  readonly payloadRoom: Room;
  /** What a delivery passes before it runs. */
  readonly stages: readonly Stage[];
  /** What is known of revoked calls. */
  readonly revocations: ReturnType<typeof createRevocations>;
  /** Aborts when this batch is to be handed on to another worker. Undefined: it never is. */
  readonly interruption: AbortSignal | undefined;
}

/**
 * Consumes a batch: every message in isolation and all at once. Only those that were begun before and never ended run one
 * by one in the whole process, so that a message which kills its worker takes no other suspect with it.
 *
 * @throws ConfigurationError if the event does not come from a queue of this app.
 */
export async function consumeBatch(
  event: SQSEvent,
  { app, log, suspectGate, payloadRoom, stages, revocations, interruption }: Process,
  remaining: RemainingTime,
): Promise<SQSBatchResponse> {
  const { opened, referring } = openBatch(event, app);
  const connection = await app.connection();
  const worker = { app, log, stages, connection, revocations: revocations(connection, log), interruption };
  const acknowledged = new Set<SQSRecord>();
  const acknowledge = (record: SQSRecord) => acknowledged.add(record);
  const invocation = { remaining, acknowledge, suspectGate };
  const consume = (some: readonly Opened[]) => consumeAll(some, worker, invocation);
  const consumed = Promise.all([
    ...(opened.length > 0 ? [consume(opened)] : []),
    // Nobody waits for a payload but those who run with it.
    ...referring.map((entry) =>
      consumeReferring(entry, worker, { remaining, suspectGate, payloadRoom, consume }),
    ),
  ]);
  await beforeTime(consumed, { clock: connection.cloud.clock, remaining });
  const failed = event.Records.filter((record) => !acknowledged.has(record));
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

interface Invocation extends Pick<Process, 'suspectGate'> {
  readonly remaining: RemainingTime;
  readonly acknowledge: (record: SQSRecord) => void;
}

async function consumeAll(
  opened: readonly Opened[],
  worker: Worker,
  { remaining, acknowledge, suspectGate }: Invocation,
): Promise<void> {
  const [histories] = await Promise.all([historiesOf(opened, worker), worker.revocations.look()]);
  const onRow = countdown(opened.length, () => worker.connection.writes.flush());
  const onPart = countdown(opened.length, () => worker.connection.joins.flush());
  const consume = async (entry: Opened): Promise<void> => {
    const reports = { onRow: onRow(), onPart: onPart() };
    const isDone = await isolated(entry, worker, () =>
      consumeOne(entry, worker, { histories, remaining, ...reports }),
    );
    reports.onRow();
    reports.onPart();
    if (isDone) acknowledge(entry.record);
  };
  const consumeIfTimeAllows = async (suspect: Opened) => {
    if (hasTimeFor(suspect, worker, { histories, remaining })) await consume(suspect);
    else await release(suspect, worker);
  };
  await Promise.all(
    opened.map((entry) =>
      wasBegun(entry, histories) ? suspectGate(() => consumeIfTimeAllows(entry)) : consume(entry),
    ),
  );
}

interface Known extends Stages {
  readonly histories: ReadonlyMap<Delivery, History> | undefined;
  readonly remaining: RemainingTime;
}

async function consumeOne(entry: Opened, worker: Worker, known: Known): Promise<void> {
  const { histories, remaining, onRow, onPart } = known;
  if ('unreadable' in entry) return buryUnreadable(entry.unreadable, worker);
  const { delivery } = entry;
  const history = histories?.get(delivery);
  if (needsHistory(delivery, worker.app) && !history)
    throw new Error('What happened to this message before could not be read.');
  return processDelivery({ delivery, history, remaining, onRow, onPart }, worker);
}

/** An error in one message is a fact about that message: it is told, and the message comes again. */
async function isolated(entry: Opened, { log }: Worker, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    const { id: taskId, task } =
      'delivery' in entry ? entry.delivery.envelope : { id: undefined, task: undefined };
    const facts = { task, taskId, messageId: entry.record.messageId, error };
    if (error instanceof Interruption)
      log.info('task interrupted, its message goes on to another worker', { ...facts, error: error.message });
    else log.error('effects not stored, the message will be delivered again', facts);
    return false;
  }
}

/** Undefined if the table cannot be read: then redelivered messages wait, and fresh ones need no history. */
async function historiesOf(opened: readonly Opened[], { app, connection, log }: Worker) {
  const looked = opened.flatMap((entry) =>
    'delivery' in entry && needsHistory(entry.delivery, app) ? [entry.delivery] : [],
  );
  try {
    return await readHistories(looked, connection.cloud, app);
  } catch (error) {
    log.error('histories of redelivered messages could not be read', { error });
    return undefined;
  }
}

function wasBegun(entry: Opened, histories: ReadonlyMap<Delivery, History> | undefined): boolean {
  return 'delivery' in entry && (histories?.get(entry.delivery)?.starts ?? 0) > 0;
}

interface Knowledge {
  readonly histories: ReadonlyMap<Delivery, History> | undefined;
  readonly remaining: RemainingTime;
}

/** What will not be run needs no time. */
function hasTimeFor(
  entry: Opened,
  { app, connection, revocations }: Worker,
  { histories, remaining }: Knowledge,
): boolean {
  if (!('delivery' in entry)) return true;
  const { delivery } = entry;
  const task = findTask(app, delivery.envelope.task);
  const isRevoked = revocations.find(delivery) !== undefined;
  const moment = { now: connection.cloud.clock.now(), isRevoked };
  const closed = gate(delivery.envelope, histories?.get(delivery), moment);
  if (closed || !task) return true;
  return remaining() > limitsOf(task, delivery).hard * 1_000 + answerTimeMs;
}
