import type { Connection } from '../app/connection.ts';
import type { QueueTopology } from '../app/topology.ts';
import { ConfigurationError } from '../errors/index.ts';
import type { Envelope } from '../wire/envelope.ts';
import { type Marks, readMarks, withMarks } from '../wire/marks.ts';
import { dueTime, packArguments } from './debounced.ts';
import { type Dispatch, dispatch } from './dispatch.ts';
import { sendDebounced } from './send-debounced.ts';
import { sendOnce } from './send-once.ts';
import type { Sharing } from './sharing-options.ts';

/** Sends a call that may stand for others, or that another may stand for. Answers the id of the one that counts. */
export async function sendShared(
  sharing: Sharing,
  { envelope, ...way }: { readonly envelope: Envelope } & Omit<Dispatch, 'at' | 'timesVary'>,
  connection: Connection,
): Promise<string> {
  const { id, eta } = envelope;
  const { row, kind } = sharing;
  const { cloud } = connection;
  // Two callers may send it, one in the place of another that has died: then its copies must not run.
  const leave = (sentId: string, marks: Marks, at: number | null) =>
    dispatch(
      withMarks(underId(envelope, sentId), { ...readMarks(envelope), ...marks, dedupe: true }),
      { ...way, at, timesVary: true },
      connection,
    );
  if (kind === 'once') return sendOnce(id, sharing, { row, cloud, send: (sentId) => leave(sentId, {}, eta) });
  refuseCelery(way.queue);
  const { key: debounce } = sharing;
  const call = { ...sharing, id, args: packArguments(envelope.task, envelope) };
  return sendDebounced(call, {
    row,
    cloud,
    send: (sentId, collection) => {
      const at = dueTime(collection) ?? cloud.clock.now();
      return leave(sentId, { debounce, notBefore: at }, at);
    },
  });
}

function underId(envelope: Envelope, id: string): Envelope {
  return { ...envelope, id, rootId: envelope.rootId === envelope.id ? id : envelope.rootId };
}

function refuseCelery({ name, runOn }: QueueTopology): void {
  if (runOn !== 'celery') return;
  throw new ConfigurationError(
    `Expected a call with debounce to go to a queue that Tallo serves, got '${name}', which runs on Celery: its workers do not know what to wait for.`,
  );
}
