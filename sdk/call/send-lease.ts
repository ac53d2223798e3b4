import { clockSkewMs } from '../engine/life-of-call.ts';
import type { Cloud } from '../ports/cloud.ts';
import type { Change, Item, Requirement } from '../ports/table.ts';
import { taskMetaKey } from '../wire/keys.ts';

/** How long whoever has begun to send a call may take. Then another caller may: the first has died. */
const leaseMs = 30_000;

/** How often a caller looks whether the call is sent that it shares. */
const lookMs = 100;

/** Its lease is over at once: the next one may try. */
const letGo = 0;

/** No lease that anybody has read was ever that one. */
const noLease = -1;

/** A call that several callers share, of which one must send it. Its row names it under `task`. */
export interface SharedCall {
  readonly row: string;
  /** Sends the call under that id. Two callers may come to do so: copies of it must not run. */
  readonly send: (id: string, row: Item) => Promise<void>;
  readonly cloud: Pick<Cloud, 'table' | 'clock'>;
}

/** What a row says whose call is being sent, from now on. */
export function leaseFrom(now: number): { readonly state: string; readonly until: number } {
  return { state: 'sending', until: now + leaseMs };
}

/**
 * Sends the call of a row that the caller has written, or taken over. If that fails the next one may try at once, under the same id: nobody
 * knows whether the message has not gone out all the same.
 */
export async function sendLeased(row: Item, { send, cloud: { table } }: SharedCall): Promise<string> {
  const { id: key } = row;
  const id = String(row.task);
  // That a note fails is not the caller's trouble: others wait for the lease to be over, and send the call again.
  const note = (set: Change['set'] & object, only: Requirement) =>
    table.change(key, { set }, { only }).catch(() => undefined);
  try {
    await send(id, row);
  } catch (error) {
    await note({ until: letGo }, { attribute: 'until', isOneOf: [Number(row.until)] });
    throw error;
  }
  await note({ state: 'sent', until: noLease }, { attribute: 'task', isOneOf: [id] });
  return id;
}

/**
 * Waits until the call of a row is sent, and sends it if whoever began has not done so in time.
 *
 * @returns the id of the call; undefined if the row is gone
 */
export async function untilSent(found: Item, shared: SharedCall): Promise<string | undefined> {
  const { table, clock } = shared.cloud;
  for (let row: Item | undefined = found; row; ) {
    if (row.state === 'sent') return String(row.task);
    const { until = letGo } = row;
    if (typeof until !== 'number' || until <= clock.now()) {
      const taken = await takeOver(row.id, Number(until), shared);
      if (taken) return sendLeased(taken, unlessBegun(row, shared));
    } else {
      await clock.sleep(Math.min(lookMs, Math.ceil(until - clock.now())));
    }
    [row] = await table.read([row.id], { consistent: true });
  }
  return undefined;
}

function takeOver(key: string, until: number, { cloud }: SharedCall): Promise<Item | undefined> {
  const { table, clock } = cloud;
  return table.change(
    key,
    { set: leaseFrom(clock.now()) },
    { only: { attribute: 'until', isOneOf: [until] } },
  );
}

function unlessBegun(row: Item, shared: SharedCall): SharedCall {
  const send: SharedCall['send'] = async (...given) => {
    if (!(await hasBegun(row, shared))) await shared.send(...given);
  };
  return { ...shared, send };
}

/**
 * Whether a row tells of the call: its message went out, though whoever sent it died before it could say so. Sent once more, a call that
 * has failed since would look like one that came back from the dead-letter queue, and run again.
 */
async function hasBegun({ task, until }: Item, { cloud: { table } }: SharedCall): Promise<boolean> {
  if (typeof until !== 'number' || until <= letGo) return false;
  const [row] = await table.read([taskMetaKey(String(task))], { consistent: true });
  const began = until - leaseMs - clockSkewMs;
  return typeof row?.timestamp === 'number' && row.timestamp * 1_000 >= began;
}
