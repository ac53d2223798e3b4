import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a deployment bundles, each a file beside this one whose `handler` Lambda calls. */
export type Entry = 'consumer' | 'beat';

/** The path of an entry, in the language of this file: TypeScript in this repository, JavaScript where the package is installed. */
export function entryFile(entry: Entry): string {
  return fileURLToPath(new URL(`./${entry}${extname(import.meta.url)}`, import.meta.url));
}

/** The name by which entries import the user's module. */
export const userApp = 'tallo-user-app';
