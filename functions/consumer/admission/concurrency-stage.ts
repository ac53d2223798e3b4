import type { Outcome } from '../../../sdk/engine/outcome.ts';
import { heirWaitMs, waitingTime } from '../../../sdk/limits/concurrency-limit.ts';
import { leaseKey } from '../../../sdk/wire/keys.ts';
import { readMarks } from '../../../sdk/wire/marks.ts';
import { standInOf } from '../history.ts';
import type { Worker } from '../scene.ts';
import type { Lease } from './leases.ts';
import { limitKeyOf } from './limit-key.ts';
import { LocalTurns, type Turn } from './local-turns.ts';
import { askForPlace, leavePlace, type Places, passOn } from './places.ts';
import { leaseEnd, timeToSpare } from './run-time.ts';
import type { Admitted, Candidate, Stage } from './stage.ts';

/** Lets only so many calls of a key run at once. The others come again later; it uses up no retries. */
export function concurrencyStage(): Stage {
  const turns = new LocalTurns();
  return async (candidate, worker) => {
    const { concurrency, name } = candidate.task;
    if (!concurrency) return {};
    const keyed = await limitKeyOf(candidate, concurrency, 'concurrency');
    if (!('key' in keyed)) return keyed;
    const places = { row: leaseKey(name, keyed.key), limit: concurrency.limit };
    return inTurn({ candidate, worker, places, turns });
  };
}

interface Scene {
  readonly candidate: Candidate;
  readonly worker: Worker;
  readonly places: Places;
  readonly turns: LocalTurns;
}

async function inTurn(scene: Scene): Promise<Admitted | Outcome> {
  const { candidate, worker, places, turns } = scene;
  const { clock } = worker.connection.cloud;
  const { heir: isHeir = false } = readMarks(candidate.delivery.envelope);
  const patience = { milliseconds: timeToSpare(candidate), clock, isHeir };
  const turn = await turns.enter(places.row, places.limit, patience);
  if (!turn) return putOff(scene, { isHeir: false });
  let place: Lease | { readonly isHeir: boolean };
  try {
    place = await placeFor(turn, scene);
  } catch (error) {
    turns.leave(places.row, undefined);
    throw error;
  }
  if ('isHeir' in place) {
    turns.giveUp(places.row);
    return putOff(scene, place);
  }
  const held = place;
  const leave = () => leaving(held, scene);
  return {
    ended: async (outcome) => {
      await leave();
      return outcome;
    },
    dropped: leave,
  };
}

/** The place that was handed on; or one that is free, or was left to this call. */
async function placeFor({ place }: Turn, scene: Scene): Promise<Lease | { readonly isHeir: boolean }> {
  const { candidate, worker, places, turns } = scene;
  const { cloud } = worker.connection;
  const { envelope } = candidate.delivery;
  const until = leaseEnd(candidate, cloud.clock.now(), { isHeldUp: false });
  if (place && (await passOn(place, until, cloud))) return place;
  const name = `${standInOf(envelope)}/${envelope.retries}`;
  const { waits = 0 } = readMarks(envelope);
  return askForPlace(places, { name, waits, until, first: turns.number(cloud.chance) }, cloud);
}

/** What cannot be given back is free when its time is over: the outcome of the run is worth more. */
async function leaving(place: Lease, { worker, places, turns }: Scene): Promise<void> {
  if (turns.hasWaiting(places.row)) return turns.leave(places.row, place);
  try {
    await leavePlace(place, worker.connection.cloud);
  } catch (error) {
    worker.log.warn('a place under a concurrency limit is free later than it could be', { error });
  }
  turns.leave(places.row, undefined);
}

function putOff({ candidate, worker }: Scene, { isHeir }: { readonly isHeir: boolean }): Outcome {
  const { clock, chance } = worker.connection.cloud;
  const { waits = 0 } = readMarks(candidate.delivery.envelope);
  const wait = isHeir ? heirWaitMs : waitingTime(waits, chance.random);
  const marks = { waits: waits + 1, ...(isHeir && { heir: true }) };
  return { kind: 'put-off', at: clock.now() + wait, marks, why: 'concurrency limit' };
}
