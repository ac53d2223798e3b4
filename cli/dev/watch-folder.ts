import { once } from 'node:events';
import { extname, relative, sep } from 'node:path';
import { loadDependency } from '../../local/dependency.ts';

export interface Watcher {
  close(): Promise<void>;
}

const watched: ReadonlySet<string> = new Set(['.ts', '.js', '.mjs', '.json']);
const ignored: ReadonlySet<string> = new Set(['node_modules', 'dist', 'build', 'out', 'coverage', 'cdk.out']);

/** An editor writes several files, and one file in several steps: this long after the last one all are there. */
const settleMs = 100;

/** Calls back once after each burst of changes, with the first file that has changed. Resolves when it watches. */
export async function watchFolder(folder: string, onChange: (file: string) => void): Promise<Watcher> {
  const { watch } = await loadDependency(
    { name: 'chokidar', purpose: "'tallo dev'" },
    () => import('chokidar'),
  );
  const watcher = watch(folder, {
    ignoreInitial: true,
    ignored: (path, stats) => isIgnored(relative(folder, path), stats?.isFile() ?? false),
  });
  const settled = onceSettled(onChange);
  watcher.on('all', (_event, path) => {
    if (watched.has(extname(path))) settled(relative(folder, path));
  });
  await once(watcher, 'ready');
  return watcher;
}

/** By its place under the folder: the folder itself may be called `dist`. */
function isIgnored(path: string, isFile: boolean): boolean {
  if (isFile && !watched.has(extname(path))) return true;
  return path.split(sep).some((part) => ignored.has(part) || (part.startsWith('.') && part !== '..'));
}

function onceSettled(onChange: (file: string) => void): (file: string) => void {
  let timer: NodeJS.Timeout | undefined;
  let first: string | undefined;
  return (file) => {
    clearTimeout(timer);
    first ??= file;
    const changed = first;
    timer = setTimeout(() => {
      first = undefined;
      onChange(changed);
    }, settleMs);
  };
}
