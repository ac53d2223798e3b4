import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { isJsonObject, type Json } from '../../sdk/wire/json.ts';
import { UsageError } from '../usage-error.ts';
import { type Snapshot, snapshotVersion } from './snapshot.ts';

const fileName = 'tallo.schemas.json';

/** The file that was named, or else the one beside the package.json that the app's file belongs to. */
export function snapshotPath(named: string | undefined, appFile: string): string {
  return named === undefined
    ? join(folderOfPackage(dirname(appFile)) ?? process.cwd(), fileName)
    : resolve(named);
}

/** As a person would name it who stands in the current folder. */
export function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === '' || short.startsWith('..') ? path : short;
}

/** @throws UsageError (USAGE) if there is no such file, or if it is none of ours. */
export function readSnapshot(path: string): Snapshot {
  if (!existsSync(path)) {
    throw new UsageError(
      `Expected the schemas of the deployed app in ${path}, found no such file. To begin with, run tallo schemas --write and commit the file.`,
    );
  }
  const json = parse(path);
  if (isJsonObject(json) && typeof json.version === 'number' && json.version > snapshotVersion) {
    throw new UsageError(
      `Expected ${path} to be of version ${snapshotVersion}, got ${json.version}. A later version of tallo has written it: update the package.`,
    );
  }
  // `isSnapshot` has looked at all that is read without further checks.
  if (isSnapshot(json)) return json as unknown as Snapshot;
  throw new UsageError(
    `Expected ${path} to be a file that tallo schemas --write has written, got ${JSON.stringify(json).slice(0, 80)}.`,
  );
}

/** Whether the file has changed by that. */
export function writeSnapshot(path: string, snapshot: Snapshot): boolean {
  const text = `${JSON.stringify(snapshot, null, 2)}\n`;
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return false;
  writeFileSync(path, text);
  return true;
}

function parse(path: string): Json {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new UsageError(
      `Expected ${path} to be JSON: ${String(cause)}. Take it from the version control, or run tallo schemas --write.`,
      { cause },
    );
  }
}

function isSnapshot(json: Json): boolean {
  if (!isJsonObject(json) || json.version !== snapshotVersion || typeof json.app !== 'string') return false;
  const { tasks = null } = json;
  return isJsonObject(tasks) && Object.values(tasks).every((task) => isJsonObject(task) && isTask(task));
}

function isTask({ args = null, kwargs = {}, result = {} }: Readonly<Record<string, Json>>): boolean {
  return [args, kwargs, result].every(isJsonObject);
}

function folderOfPackage(folder: string): string | undefined {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const above = dirname(folder);
  return above === folder ? undefined : folderOfPackage(above);
}
