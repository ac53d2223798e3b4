import type { ReceivedMessage } from '../../sdk/ports/queues.ts';
import { deleteMessages, putBack } from './acknowledge.ts';
import { Gathering } from './gathering.ts';
import { Invocations } from './invocations.ts';
import { invoke } from './invoke.ts';
import { type EventSourceOptions, readOptions, type Settings } from './options.ts';
import { patientReceive } from './receive.ts';

/** A running event source. It ends only by `stop`. */
export interface EventSource {
  /**
   * Ends the open poll at once, puts back what was received and not handed over, and waits for the running invocations
   * (at most the function's timeout) and their deletes. Calling it again waits for the same end.
   */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * The local twin of Lambda's event source mapping for one SQS queue, with `ReportBatchItemFailures`: receives, gathers
 * batches, invokes the handler, deletes what succeeded, and leaves what failed to the queue's visibility timeout.
 *
 * @example
 * ```ts
 * import { Tallo } from 'tallo';
 * import { consumer } from 'tallo/functions';
 * import { startEventSource, startLocalCloud } from 'tallo/local';
 *
 * const app = new Tallo('store');
 * const add = app.task('math.add', (x: number, y: number) => x + y);
 * await using cloud = await startLocalCloud(app, { worker: false });
 * const { queues, clock } = (await app.connection()).cloud;
 * const origin = { region: 'us-east-1', account: '000000000000' };
 *
 * const sources = app.topology().queues.map((queue) =>
 *   startEventSource({ queues, clock, queue, handler: consumer(app), ...origin }),
 * );
 * console.log(await (await add.delay(2, 3)).get()); // 5
 * for (const source of sources) await source.stop();
 * ```
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export function startEventSource(options: EventSourceOptions): EventSource {
  const settings = readOptions(options);
  const stopping = new AbortController();
  const invocations = new Invocations(settings.concurrency, stopping.signal);
  const polling = poll({ settings, invocations, signal: stopping.signal });

  async function finish(): Promise<void> {
    stopping.abort();
    await polling;
    await invocations.end();
  }

  let finished: Promise<void> | undefined;
  const stop = () => {
    finished ??= finish();
    return finished;
  };
  return { stop, [Symbol.asyncDispose]: stop };
}

interface Polling {
  readonly settings: Settings;
  readonly invocations: Invocations;
  readonly signal: AbortSignal;
}

async function poll({ settings, invocations, signal }: Polling): Promise<void> {
  const gathering = new Gathering(settings, patientReceive(settings, signal), signal);
  let batch: readonly ReceivedMessage[] = [];
  while (!signal.aborted) {
    if (batch.length > 0) invocations.start(serve(batch, settings));
    await invocations.room();
    batch = await gathering.next();
  }
  // Stopped before the hand-over: whoever polls next may have these at once.
  await putBack([...batch, ...gathering.leftOver], settings);
}

// The deletes belong to the invocation, so that a slow endpoint slows down the polling.
async function serve(batch: readonly ReceivedMessage[], settings: Settings): Promise<void> {
  await deleteMessages(await invoke(batch, settings), settings);
}
