import type { Outcome } from '../../../sdk/engine/outcome.ts';
import type { Item } from '../../../sdk/ports/table.ts';
import { claimKey } from '../../../sdk/wire/keys.ts';
import { isDeduped, isOfThisMessage, standInOf } from '../history.ts';
import type { Worker } from '../scene.ts';
import { giveBack, type Lease, takeLease, takeOver } from './leases.ts';
import { leaseEnd } from './run-time.ts';
import type { Admitted, Candidate, Stage } from './stage.ts';

/**
 * Lets an attempt of a call run once, however many messages there are of it. A run is claimed for as long as it can take: copies are
 * put off until then. They find the end that is stored by then, or take over from a worker that was lost.
 */
export function dedupeStage(): Stage {
  return async (candidate, worker) => {
    if (!isDeduped(candidate.delivery, candidate.task)) return {};
    const { cloud } = worker.connection;
    const { envelope } = candidate.delivery;
    const name = `${standInOf(envelope)}-run-${envelope.retries}`;
    const claim = { id: claimKey(name), holder: cloud.chance.newId() };
    return (await refusalOf(claim, candidate, worker)) ?? claimed(claim, worker);
  };
}

/** The outcome of a delivery that comes beside or after another one of the same attempt; undefined: the claim is its own. */
async function refusalOf(claim: Lease, candidate: Candidate, worker: Worker): Promise<Outcome | undefined> {
  const { cloud } = worker.connection;
  const isHeldUp = candidate.task.concurrency !== null;
  const until = leaseEnd(candidate, cloud.clock.now(), { isHeldUp });
  const more = { endedAt: notEnded };
  if (await takeLease(claim, { until, cloud, more })) return undefined;
  const [row] = await cloud.table.read([claim.id], { consistent: true });
  // An answer that got lost on its way may have said yes.
  if (row?.holder === claim.holder) return undefined;
  if (!row || !hasEnded(row)) return putOff(row, worker);
  const end = { id: row.id, timestamp: Number(row.endedAt) };
  if (row.isBuried !== true || isOfThisMessage(end, candidate.delivery))
    return { kind: 'settled', meta: undefined };
  // That was in an earlier life of the call, which was sent back from the dead-letter queue since.
  const taken = await takeOver(claim, String(row.holder), { until, table: cloud.table, more });
  return taken ? undefined : putOff(row, worker);
}

/** Epoch seconds. */
const notEnded = 0;

function hasEnded({ endedAt }: Item): boolean {
  return typeof endedAt === 'number' && endedAt !== notEnded;
}

/** Copies that wait for one moment do not all come at it. */
const spreadMs = 2_000;

/** A run of hours may be interrupted, and its claim given back: copies look again after as long as a queue delays them. */
const longestWaitMs = 890_000;

function putOff(row: Item | undefined, { connection }: Worker): Outcome {
  const { clock, chance } = connection.cloud;
  const until = row && !hasEnded(row) ? Number(row.until) : 0;
  const now = clock.now();
  const at = Math.min(Math.max(until, now), now + longestWaitMs) + 1_000 + chance.random() * spreadMs;
  return { kind: 'put-off', at, marks: {}, why: 'another message of the same call may be running' };
}

/** As long as SQS keeps a message. */
const endKeptMs = 14 * 86_400_000;

function claimed(claim: Lease, worker: Worker): Admitted {
  const { cloud } = worker.connection;
  const unlessInTrouble = async (work: () => Promise<unknown>): Promise<void> => {
    await work().catch((error: unknown) => {
      worker.log.warn('a claimed run could not be noted: copies of its message wait, or run', { error });
    });
  };
  let mayComeAgain = false;
  let isBuried = false;
  const leave = () => unlessInTrouble(() => giveBack(claim, cloud));
  return {
    ended: async (outcome) => {
      mayComeAgain = isToComeAgain(outcome);
      isBuried = ['rejected', 'refused', 'lost'].includes(outcome.kind);
      if (mayComeAgain) await leave();
      return outcome;
    },
    // Where a row tells of the end, copies find it. Elsewhere the claim itself must say so.
    settled: async (isTold) => {
      if (isTold || mayComeAgain) return;
      const { table, clock } = cloud;
      const now = clock.now();
      const more = { endedAt: now / 1_000, isBuried };
      await unlessInTrouble(() => takeOver(claim, claim.holder, { until: now + endKeptMs, table, more }));
    },
    dropped: leave,
  };
}

/** Whether this same attempt is on its way again. */
function isToComeAgain(outcome: Outcome): boolean {
  if (outcome.kind === 'rejected') return outcome.error.requeue;
  return outcome.kind === 'put-off' || outcome.kind === 'early';
}
