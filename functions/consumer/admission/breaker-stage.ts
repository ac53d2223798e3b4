import type { Outcome } from '../../../sdk/engine/outcome.ts';
import { afterCooldown, type CircuitBreaker, duringProbe } from '../../../sdk/limits/circuit-breaker.ts';
import type { Cloud } from '../../../sdk/ports/cloud.ts';
import { matchesAny } from '../../../sdk/task/error-matcher.ts';
import type { Worker } from '../scene.ts';
import { BreakerRecord } from './breaker-record.ts';
import type { Lease } from './leases.ts';
import { leaseEnd } from './run-time.ts';
import type { Admitted, Candidate, Stage } from './stage.ts';

/**
 * Puts calls off while what they depend on is out of order. After the cooldown one of them at a time tries whether it works again, and
 * its success lets the others run.
 */
export function breakerStage(): Stage {
  const known = new WeakMap<Cloud, Map<string, BreakerRecord>>();
  const recordOf = (name: string, cloud: Cloud) => {
    const records = known.get(cloud) ?? new Map<string, BreakerRecord>();
    known.set(cloud, records);
    const record = records.get(name) ?? new BreakerRecord(name, cloud);
    records.set(name, record);
    return record;
  };
  return async (candidate, worker) => {
    const { circuitBreaker: breaker } = candidate.task;
    if (!breaker) return {};
    const { cloud } = worker.connection;
    const record = recordOf(breaker.name, cloud);
    const scene = { breaker, record, worker };
    const { openUntil } = await record.state();
    if (openUntil > cloud.clock.now()) return putOff(openUntil, scene);
    return openUntil > 0 ? probing(candidate, scene) : judging(scene);
  };
}

interface Scene {
  readonly breaker: CircuitBreaker;
  readonly record: BreakerRecord;
  readonly worker: Worker;
}

function putOff(openUntil: number, { breaker, worker }: Scene): Outcome {
  const at = afterCooldown(openUntil, breaker, worker.connection.cloud.chance.random);
  return { kind: 'put-off', at, marks: {}, why: `circuit breaker '${breaker.name}' is open` };
}

/** What has not run says nothing of what it depends on. */
function judging(scene: Scene): Admitted {
  return { ended: async (outcome, hasRun) => (hasRun ? judged(outcome, scene) : outcome) };
}

/** The failure that opens it, and those of runs that began before, are put off as if they had come later. */
async function judged(outcome: Outcome, scene: Scene): Promise<Outcome> {
  const { breaker, record, worker } = scene;
  return unlessInTrouble(outcome, scene, async () => {
    if (worked(outcome)) await record.noteSuccess();
    if (!countsAgainst(outcome, scene)) return outcome;
    const openUntil = await record.noteFailure(breaker);
    if (openUntil <= worker.connection.cloud.clock.now()) return outcome;
    return putOff(openUntil, scene);
  });
}

async function probing(candidate: Candidate, scene: Scene): Promise<Admitted | Outcome> {
  const { breaker, record, worker } = scene;
  const { clock, chance } = worker.connection.cloud;
  const isHeldUp = candidate.task.concurrency !== null;
  const lease = await record.takeProbe(leaseEnd(candidate, clock.now(), { isHeldUp }));
  if (!lease) {
    const at = duringProbe(clock.now(), breaker, chance.random);
    return { kind: 'put-off', at, marks: {}, why: `circuit breaker '${breaker.name}' is being tried` };
  }
  const leave = () => unlessInTrouble(undefined, scene, () => record.endProbe(lease));
  return {
    ended: async (outcome, hasRun) => {
      if (hasRun) return unlessInTrouble(outcome, scene, () => probed(outcome, lease, scene));
      await leave();
      return outcome;
    },
    dropped: leave,
  };
}

async function probed(outcome: Outcome, lease: Lease, scene: Scene): Promise<Outcome> {
  const { breaker, record, worker } = scene;
  if (countsAgainst(outcome, scene)) {
    const openUntil = await record.openAgain(lease, breaker);
    worker.log.warn('circuit breaker stays open', { breaker: breaker.name, openUntil: isoOf(openUntil) });
    return putOff(openUntil, scene);
  }
  if (worked(outcome)) {
    await record.close();
    worker.log.info('circuit breaker is closed again', { breaker: breaker.name });
  }
  await record.endProbe(lease);
  return outcome;
}

/** What a run came to is worth more than what the breaker makes of it. */
async function unlessInTrouble<T>(
  otherwise: T,
  { worker, breaker }: Scene,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    worker.log.warn('a circuit breaker could not be told of a run', { breaker: breaker.name, error });
    return otherwise;
  }
}

/** A task that is always ignored, or replaced by another, would never close it otherwise. */
function worked({ kind }: Outcome): boolean {
  return kind === 'success' || kind === 'ignored' || kind === 'replaced';
}

/** A predicate of the user's may throw: then the error does not count. */
function countsAgainst(outcome: Outcome, { breaker, worker }: Scene): boolean {
  if (outcome.kind !== 'failure' && outcome.kind !== 'retry') return false;
  try {
    return matchesAny(breaker.on, outcome.error);
  } catch (error) {
    worker.log.error('a predicate of circuitBreaker threw', { breaker: breaker.name, error });
    return false;
  }
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}
