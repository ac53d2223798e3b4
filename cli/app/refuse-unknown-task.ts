import type { Tallo } from '../../sdk/index.ts';
import { UsageError } from '../usage-error.ts';
import { nearestNames } from './nearest-names.ts';

/**
 * Stops a call that nobody would answer.
 *
 * @throws UsageError (USAGE) for a task that the app does not define, with the names that look like it.
 */
export function refuseUnknownTask(app: Tallo, name: string): void {
  if (app.definitions.has(name)) return;
  const near = nearestNames(name, [...app.definitions.keys()]);
  const advice = near.length > 0 ? `Did you mean ${near.join(' or ')}?` : allTasks(app);
  throw new UsageError(
    `App '${app.name}' defines no task '${name}'. ${advice} For a task that lives elsewhere add --unregistered.`,
  );
}

function allTasks({ definitions }: Tallo): string {
  return definitions.size === 0 ? 'It defines none.' : `Its tasks: ${[...definitions.keys()].join(', ')}.`;
}
