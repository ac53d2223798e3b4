import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../usage-error.ts';
import { AppFileError } from './app-file-error.ts';

const candidates = ['tasks', 'src/tasks', 'app', 'src/app'].flatMap((name) =>
  ['.ts', '.js', '.mjs'].map((extension) => `${name}${extension}`),
);

/**
 * The absolute path of the file with the app: the one named, else the one that package.json names, else the first of the usual ones.
 *
 * @throws AppFileError (APP_FILE) if there is none; UsageError (USAGE) if package.json is no JSON.
 */
export function findAppFile(named: string | undefined, folder: string = process.cwd()): string {
  if (named !== undefined) return existing(named, { folder, source: '--app' });
  const entry = entryOfPackage(folder);
  if (entry !== undefined) return existing(entry, { folder, source: '"tallo.app" of package.json' });
  const found = candidates.find((file) => existsSync(resolve(folder, file)));
  if (found !== undefined) return resolve(folder, found);
  throw new AppFileError(
    `Expected a file with the app in ${folder}, found none. Looked for: ${candidates.join(', ')}. Name it with --app <file>, or in package.json: "tallo": { "app": "<file>" }.`,
  );
}

function existing(file: string, { folder, source }: { folder: string; source: string }): string {
  const path = resolve(folder, file);
  if (existsSync(path)) return path;
  throw new AppFileError(`Expected a file with the app at ${path} (from ${source}), found none.`);
}

function entryOfPackage(folder: string): string | undefined {
  const path = resolve(folder, 'package.json');
  if (!existsSync(path)) return undefined;
  const entry = readJson(path)?.tallo?.app;
  if (entry === undefined || typeof entry === 'string') return entry;
  throw new AppFileError(
    `Expected "tallo.app" of ${path} to be a file's name, got ${JSON.stringify(entry)}.`,
  );
}

function readJson(path: string): { readonly tallo?: { readonly app?: unknown } } | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new UsageError(`Expected ${path} to be JSON: ${String(cause)}`, { cause });
  }
}
