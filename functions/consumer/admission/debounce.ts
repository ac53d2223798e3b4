import { argumentsRow, closed, dueTime, unpackArguments } from '../../../sdk/call/debounced.ts';
import type { Delivery } from '../../../sdk/engine/delivery.ts';
import type { Outcome } from '../../../sdk/engine/outcome.ts';
import { DecodeError } from '../../../sdk/errors/index.ts';
import type { Item, Table } from '../../../sdk/ports/table.ts';
import { debouncedRow, debounceRow } from '../../../sdk/wire/keys.ts';
import { readMarks } from '../../../sdk/wire/marks.ts';
import { claim } from '../claim.ts';
import type { Worker } from '../scene.ts';
import type { Admitted, Stage } from './stage.ts';

/**
 * Runs a collection of calls when no other one has come for a while, with the arguments of the last one. Its message is put off until
 * then; when the time has come it closes the collection, and a call that comes later begins another.
 */
export function debounceStage(): Stage {
  return async ({ delivery }, worker) => {
    const { debounce: key } = readMarks(delivery.envelope);
    return key === undefined ? {} : collect(key, delivery, worker);
  };
}

async function collect(key: string, delivery: Delivery, worker: Worker): Promise<Admitted | Outcome> {
  const { table, clock } = worker.connection.cloud;
  const { id, task } = delivery.envelope;
  const [collection, last] = [debounceRow(task, key), debouncedRow(id)];
  for (;;) {
    const rows = await table.read([collection, last], { consistent: true });
    const open = rows.find((row) => row.id === collection && row.task === id);
    const dueAt = open && dueTime(open);
    if (!open || dueAt === undefined) {
      const kept = rows.find((row) => row.id === last);
      return withArguments(delivery, kept);
    }
    const now = clock.now();
    if (dueAt > now) return putOff(dueAt, delivery, worker);
    const kept = argumentsRow(open, now);
    // First: a worker that comes after one that was lost when it had closed the collection finds them here.
    await table.put(kept);
    if (await close(open, table)) return withArguments(delivery, kept);
  }
}

/** Answers false if a call has joined meanwhile. */
async function close({ id, version }: Item, table: Table): Promise<boolean> {
  const unchanged = { only: { attribute: 'version', isOneOf: [String(version)] } };
  return (await table.change(id, { set: closed }, unchanged)) !== undefined;
}

/** Where the call of a collection ends without a run, the collection takes no more calls: they would share that end. */
export async function dissolve(
  { envelope }: Delivery,
  { connection }: Pick<Worker, 'connection'>,
): Promise<void> {
  const { debounce: key } = readMarks(envelope);
  if (key === undefined) return;
  const isItsOwn = { only: { attribute: 'task', isOneOf: [envelope.id] } };
  await connection.cloud.table.change(debounceRow(envelope.task, key), { set: closed }, isItsOwn);
}

/** Of several copies of the message one alone goes on, or each time that it is put off would double them. */
async function putOff(at: number, delivery: Delivery, { connection }: Worker): Promise<Outcome> {
  const { id } = delivery.envelope;
  const goesOn = await claim(`${id}-debounce-${at}`, { connection, delivery });
  if (!goesOn) return { kind: 'settled', meta: undefined };
  return { kind: 'put-off', at, marks: {}, why: 'debounce' };
}

/** What no row tells is as the first call said. */
function withArguments(delivery: Delivery, kept: Item | undefined): Admitted | Outcome {
  try {
    const last = unpackArguments(kept?.args);
    return last ? { delivery: { ...delivery, envelope: { ...delivery.envelope, ...last } } } : {};
  } catch (error) {
    if (error instanceof DecodeError) return { kind: 'refused', error };
    throw error;
  }
}
