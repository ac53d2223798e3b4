import { unmarkStart } from './history.ts';
import { logOutcome } from './log-outcome.ts';
import { reachOutcome } from './reach-outcome.ts';
import type { Worker } from './scene.ts';
import { settle } from './settle.ts';
import type { Work } from './work.ts';

/** Takes a delivery from the gate to its stored effects. When it resolves, the message may be acknowledged. */
export async function processDelivery(work: Work, worker: Worker): Promise<void> {
  const { envelope } = work.delivery;
  const { cloud } = worker.connection;
  const log = worker.log.child({ task: envelope.task, taskId: envelope.id, attempt: envelope.retries });
  const start = cloud.clock.now();
  const run = await reachOutcome(work, { ...worker, log });
  logOutcome(run.outcome, log, (cloud.clock.now() - start) / 1_000);
  let isTold = false;
  try {
    isTold = await settle(run, { ...work, delivery: run.delivery ?? work.delivery }, { ...worker, log });
    await run.settled?.(isTold);
  } finally {
    // Where no row tells of the outcome, the start would look as if its worker had been lost.
    if (run.isMarked && !isTold) await unmarkStart(work.delivery, cloud).catch(() => undefined);
  }
}
