import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { appBrand, type Tallo } from '../../sdk/app/tallo.ts';
import { AppFileError } from './app-file-error.ts';

/**
 * Loads the app that a file exports: as `app`, or as the only app under any name.
 *
 * @throws AppFileError (APP_FILE) if the module throws, or exports no app or several.
 */
export async function loadApp(file: string): Promise<Tallo> {
  const exported = await importModule(file);
  if (isApp(exported.app)) return exported.app;
  const [app, ...others] = new Set(Object.values(exported).filter(isApp));
  if (app !== undefined && others.length === 0) return app;
  const names = Object.keys(exported);
  if (app === undefined) {
    throw new AppFileError(
      `Expected ${file} to export an app (a 'new Tallo(...)'), ${names.length === 0 ? 'it exports nothing' : `its exports are: ${names.join(', ')}`}.`,
    );
  }
  throw new AppFileError(
    `Expected ${file} to export one app, or one named 'app'; its apps are: ${names.filter((name) => isApp(exported[name])).join(', ')}.`,
  );
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

/** By its brand: the app may come from another copy of this package. */
function isApp(value: unknown): value is Tallo {
  return typeof value === 'object' && value !== null && appBrand in value;
}
