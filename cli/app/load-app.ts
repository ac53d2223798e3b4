import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { appOf } from '../../functions/entry/app-of.ts';
import type { Tallo } from '../../sdk/index.ts';
import { AppFileError } from './app-file-error.ts';

/**
 * Loads the app that a file exports: as `app`, or as the only app under any name.
 *
 * @throws AppFileError (APP_FILE) if the module throws, or exports no app or several.
 */
export async function loadApp(file: string): Promise<Tallo> {
  return appOf(await importModule(file), { what: file, refuse: (message) => new AppFileError(message) });
}

async function importModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(pathToFileURL(file).href);
  } catch (cause) {
    throw new AppFileError(`Loading ${file} failed:${placeOf(cause, file)}`, { cause });
  }
}

/** Node keeps the place of a syntax error to itself, unless it is asked to check the file; one in another module stays unknown. */
function placeOf(cause: unknown, file: string): string {
  if (!(cause instanceof SyntaxError)) return '';
  const { stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' });
  const [place = ''] = stderr.split('\n    at ');
  return place === '' ? '' : `\n${place.trim()}`;
}
