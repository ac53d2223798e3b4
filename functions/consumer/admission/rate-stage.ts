import type { Outcome } from '../../../sdk/engine/outcome.ts';
import { arrivalBefore, earlyMs, heldMs, isMissed, type RateLimit } from '../../../sdk/limits/rate-limit.ts';
import type { Clock } from '../../../sdk/ports/clock.ts';
import { rateKey } from '../../../sdk/wire/keys.ts';
import { readMarks } from '../../../sdk/wire/marks.ts';
import type { Worker } from '../scene.ts';
import { limitKeyOf } from './limit-key.ts';
import { createReservations, type Reservations } from './reservations.ts';
import { hasTimeAfter } from './run-time.ts';
import type { Candidate, Stage } from './stage.ts';
import { createUsedSlots, type UsedSlots } from './used-slots.ts';

/**
 * Keeps a task under its rate limit. Every call reserves a slot; one whose slot is near waits for it here, one whose slot is far is put
 * off once, to arrive right before it, and brings its slot along.
 */
export function rateStage(): Stage {
  const books = { reservations: createReservations(), usedSlots: createUsedSlots() };
  return async (candidate, worker) => {
    const { task } = candidate;
    if (!task.rateLimit) return {};
    const keyed = await limitKeyOf(candidate, task.rateLimit, 'rateLimit');
    if (!('key' in keyed)) return keyed;
    const row = rateKey(task.name, keyed.key, task.rateLimit.spacing);
    const line = { row, limit: task.rateLimit, ...books };
    const brought = broughtSlot(candidate, line, worker.connection.cloud.clock);
    return brought === undefined
      ? untilSlot(candidate, line, worker)
      : withSlot(brought, { candidate, line, worker });
  };
}

interface Line {
  readonly row: string;
  readonly limit: RateLimit;
  readonly reservations: Reservations;
  readonly usedSlots: UsedSlots;
}

interface Scene {
  readonly candidate: Candidate;
  readonly line: Line;
  readonly worker: Worker;
}

/** The slot that was reserved when the call was put off, if it is still good. */
function broughtSlot({ delivery }: Candidate, { row, limit }: Line, clock: Clock): number | undefined {
  const { slot } = readMarks(delivery.envelope);
  return slot?.key === row && !isMissed(slot.at, limit, clock.now()) ? slot.at : undefined;
}

/** The message that brings a slot may have come twice: a slot is for one start. */
async function withSlot(slot: number, { candidate, line, worker }: Scene): Promise<Outcome | object> {
  const { cloud } = worker.connection;
  if (!isHeld(slot, heldMs + earlyMs, { candidate, clock: cloud.clock })) {
    return putOff(slot, { candidate, line, worker });
  }
  const isOurs = await line.usedSlots.use(slot, line, cloud);
  if (isOurs && (await isMet(slot, line.limit, cloud.clock))) return {};
  return untilSlot(candidate, line, worker);
}

/** Reserves until it meets its slot: a worker that is held up may miss one. */
async function untilSlot(candidate: Candidate, line: Line, worker: Worker): Promise<Outcome | object> {
  const { cloud } = worker.connection;
  for (;;) {
    const { expires } = candidate.delivery.envelope;
    const slot = await line.reservations.reserve(line, expires, cloud);
    if (slot === undefined) return untilExpired(expires ?? cloud.clock.now());
    if (!isHeld(slot, heldMs, { candidate, clock: cloud.clock }))
      return putOff(slot, { candidate, line, worker });
    if (await isMet(slot, line.limit, cloud.clock)) return {};
  }
}

/** Whether a call waits here for its slot: if it is near, and time is left for the run. */
function isHeld(
  slot: number,
  longest: number,
  { candidate, clock }: { readonly candidate: Candidate; readonly clock: Clock },
): boolean {
  const wait = slot - clock.now();
  return wait <= 0 || (wait <= longest && hasTimeAfter(wait, candidate));
}

async function isMet(slot: number, limit: RateLimit, clock: Clock): Promise<boolean> {
  while (clock.now() < slot) await clock.sleep(Math.ceil(slot - clock.now()));
  return !isMissed(slot, limit, clock.now());
}

/** It ends when it has expired, as any other: a copy of it may have a slot before. */
function untilExpired(expires: number): Outcome {
  return {
    kind: 'put-off',
    at: expires + 1,
    marks: {},
    why: 'no slot under the rate limit before it expires',
  };
}

function putOff(slot: number, { candidate, line, worker }: Scene): Outcome {
  const at = arrivalBefore(slot, worker.connection.cloud.clock.now());
  const { waits } = readMarks(candidate.delivery.envelope);
  const marks = {
    slot: { key: line.row, at: slot },
    notBefore: at - earlyMs,
    ...(waits !== undefined && { waits }),
  };
  return { kind: 'put-off', at, marks, why: 'rate limit' };
}
