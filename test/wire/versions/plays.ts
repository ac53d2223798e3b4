import { stories } from '../../workflows/stories.ts';
import { calls } from './plays/calls.ts';
import { limits } from './plays/limits.ts';
import { workflows } from './plays/workflows.ts';
import type { Stage } from './recording.ts';

/** Everything that a version can write, by what it is. A play does the same again each time it is called. */
export const plays: Readonly<Record<string, () => Stage>> = { ...calls, ...limits, ...workflows(stories) };

/** The name of the file with it. */
export function fileOf(play: string): string {
  return `${play.replaceAll(/[^a-z0-9]+/gi, '-')}.json`;
}
