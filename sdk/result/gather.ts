import { currentTask } from '../engine/current-task.ts';
import { WaitInsideTaskError } from '../errors/index.ts';
import type { AsyncResult } from './async-result.ts';
import { checkGetOptions, type GetOptions } from './get-options.ts';
import { isGroup, leavesOf, type Result } from './result.ts';
import type { ResultSource } from './result-source.ts';
import { RootCauses } from './root-causes.ts';
import { Settlement } from './settlement.ts';
import { lookUntilEnough } from './wait.ts';

/**
 * Waits for results, all in one loop, and gives their values in order; a group's value is the list of its members' values.
 *
 * @throws the error of the first in order that failed, as soon as those before it are ready, unless `propagate` is false: then errors
 * stand in place of values. TimeoutError; WaitInsideTaskError.
 */
export async function gather(
  results: readonly Result[],
  options: GetOptions,
  source: ResultSource,
): Promise<unknown[]> {
  checkGetOptions(options);
  const leaves = leavesOf(results);
  const settlement = new Settlement(leaves, options);
  await settle(settlement, options, { leaves, source });
  const causes = new RootCauses();
  const errorOf = (result: AsyncResult) =>
    (options.followParents ?? true) ? causes.of(result) : result.result();
  const { firstFailed } = settlement;
  if (firstFailed && (options.propagate ?? true)) throw await errorOf(firstFailed);
  const outcomeOf = (result: Result): Promise<unknown> => {
    if (isGroup(result)) return Promise.all(result.results.map(outcomeOf));
    // A call that ignores its result gives null, as in Celery.
    if (result.ignored) return Promise.resolve(null);
    return settlement.hasFailed(result) ? errorOf(result) : result.result();
  };
  return Promise.all(results.map(outcomeOf));
}

async function settle(
  settlement: Settlement,
  options: GetOptions,
  { leaves, source }: { leaves: readonly AsyncResult[]; source: ResultSource },
): Promise<void> {
  // What is known needs no waiting and no cloud: an eager run has none.
  if (leaves.every(({ ignored, isSettled }) => ignored || isSettled)) {
    await settlement.look();
    return;
  }
  if ((options.disableSyncSubtasks ?? true) && currentTask()) throw waitInsideTask();
  const { clock } = await source.connect();
  await lookUntilEnough(settlement, options, clock);
}

function waitInsideTask(): WaitInsideTaskError {
  return new WaitInsideTaskError(
    'Expected a task not to wait for another: it can wait for ever and is billed meanwhile. Use a chain or a chord, or pass disableSyncSubtasks: false.',
  );
}
