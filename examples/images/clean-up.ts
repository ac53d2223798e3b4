import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskContext } from 'tallo';
import * as z from 'zod';

const what = z.object({ folder: z.string(), olderThanDays: z.number().nonnegative() });
export const cleanUpArguments = z.tuple([what]);

const dayMs = 24 * 60 * 60 * 1_000;

/** Removes the files of a folder that nobody has written to for so many days, and returns their names. */
export async function cleanUp(
  self: TaskContext,
  { folder, olderThanDays }: z.infer<typeof what>,
): Promise<readonly string[]> {
  const before = Date.now() - olderThanDays * dayMs;
  const entries = await readdir(folder, { withFileTypes: true });
  const removals = entries.map(async ({ name }) =>
    (await removeIfOld(join(folder, name), before)) ? [name] : [],
  );
  const removed = (await Promise.all(removals)).flat();
  self.log.info('old files removed', { folder, removed: removed.length });
  return removed;
}

async function removeIfOld(path: string, before: number): Promise<boolean> {
  const facts = await stat(path);
  if (!facts.isFile() || facts.mtimeMs > before) return false;
  // A second delivery of this call may be at work on the same folder.
  await rm(path, { force: true });
  return true;
}
