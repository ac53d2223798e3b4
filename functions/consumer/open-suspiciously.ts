import { maxStarts } from '../../sdk/engine/gate.ts';
import { WorkerLostError } from '../../sdk/errors/index.ts';
import { ownerOf } from '../../sdk/payloads/object-key.ts';
import { writeReference } from '../../sdk/payloads/reference.ts';
import { openingsKey } from '../../sdk/wire/keys.ts';
import type { Process } from './consume-batch.ts';
import { type Opened, unreadableRecord } from './open-record.ts';
import type { Referring } from './referring.ts';
import { release } from './release.ts';
import type { Worker } from './scene.ts';

interface Opening extends Pick<Process, 'suspectGate'> {
  readonly open: () => Promise<Opened>;
  /** Whether too little time is left for a run. */
  readonly isLate: () => boolean;
}

/**
 * Opens a redelivered message whose payload lies elsewhere. It may be the payload that has killed its worker, mostly for want of memory, before
 * any run could be counted. So openings that did not come to their end are counted as starts are, and suspects go one by one.
 *
 * @returns undefined if it waited for so long that it was given back
 */
export async function openSuspiciously(
  entry: Referring,
  worker: Worker,
  { open, suspectGate, isLate }: Opening,
): Promise<Opened | undefined> {
  const { record, place, reference } = entry;
  const { table, clock } = worker.connection.cloud;
  const id = openingsKey(reference.key);
  const [row] = await table.read([id], { consistent: true });
  const before = Number(row?.starts ?? 0);
  if (before >= maxStarts) {
    const { name, memoryMiB } = place.queue;
    const error = new WorkerLostError(
      `The payload was begun to be read ${before + 1} times and its worker was lost each time: it may be too large for the memory of queue '${name}', ${memoryMiB} MiB.`,
    );
    const owner = ownerOf(reference.key);
    return unreadableRecord(record, place, { body: writeReference(reference), error, owner });
  }
  const counted = async () => {
    const ttl = Math.ceil(clock.now() / 1_000) + place.queue.retentionSeconds;
    await table.change(id, { add: { starts: 1 }, set: { ttl } });
    try {
      return await open();
    } finally {
      await table.change(id, { add: { starts: -1 } }).catch(() => undefined);
    }
  };
  if (before === 0) return counted();
  return suspectGate(async () => {
    if (!isLate()) return counted();
    await release(entry, worker);
    return undefined;
  });
}
