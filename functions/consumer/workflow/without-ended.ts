import type { Planned } from '../../../sdk/flow/planned.ts';
import type { Item } from '../../../sdk/ports/table.ts';
import { isReady } from '../../../sdk/result/states.ts';
import { taskMetaKey } from '../../../sdk/wire/keys.ts';
import { isOfThisMessage } from '../history.ts';
import type { Scene } from '../scene.ts';

/** Rows per request. */
const callsPerRead = 100;

/**
 * What an earlier delivery of this message may have started already, less the calls that have ended since. If they were sent once
 * more, their rows would be older than their messages, as those of calls that were sent back from the dead-letter queue: they
 * would run again, and all that follows them.
 */
export async function* withoutEnded(
  planned: Iterable<Planned>,
  scene: Pick<Scene, 'connection' | 'delivery'>,
): AsyncGenerator<Planned> {
  let page: Planned[] = [];
  for (const item of planned) {
    page.push(item);
    if (page.length < callsPerRead) continue;
    yield* await open(page, scene);
    page = [];
  }
  yield* await open(page, scene);
}

async function open(
  page: readonly Planned[],
  { connection, delivery }: Pick<Scene, 'connection' | 'delivery'>,
): Promise<readonly Planned[]> {
  const keys = new Set(page.flatMap((item) => (item.kind === 'call' ? [taskMetaKey(item.id)] : [])));
  if (keys.size === 0) return page;
  const rows = await connection.cloud.table.read([...keys], { consistent: true });
  const over = rows.filter((row) => hasRun(row) && isOfThisMessage(row, delivery));
  const ended = new Set(over.map(({ id }) => id));
  return page.filter((item) => item.kind !== 'call' || !ended.has(taskMetaKey(item.id)));
}

/** Whether an attempt is behind it: the next one, if there is one, is on its way. */
function hasRun({ state }: Item): boolean {
  return typeof state === 'string' && (isReady(state) || state === 'RETRY');
}
