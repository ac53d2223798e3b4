import type { AppCore } from '../app/app-core.ts';
import { type Subject, writeEntry } from './entry.ts';
import { recall } from './recall.ts';
import type { Targets } from './targets.ts';

/** Puts subjects on the revoked list. An eager app has nothing that could be revoked. */
export async function enlist(
  app: AppCore,
  subjectsAt: (now: number) => readonly Subject[],
  { terminate }: { readonly terminate: boolean },
): Promise<void> {
  if (app.settings.taskAlwaysEager) return;
  const { revoked, cloud } = await app.connection();
  const subjects = subjectsAt(cloud.clock.now());
  await Promise.all(subjects.map((subject) => revoked.add(writeEntry({ subject, terminate }))));
}

/**
 * Revokes calls: puts them on the list, and ends at once those that wait in a timer.
 *
 * @throws OperationalError
 */
export async function revokeTargets(
  app: AppCore,
  targets: Targets,
  options: { readonly terminate: boolean },
): Promise<void> {
  const { ids, groups } = targets;
  // What has nothing to be revoked, such as a group without members, needs no cloud.
  if (app.settings.taskAlwaysEager || ids.length + groups.length === 0) return;
  const subjects = [...ids.map((id) => ({ id })), ...groups.map(({ id }) => ({ group: id }))];
  await enlist(app, () => subjects, options);
  await recall(targets, app);
}
