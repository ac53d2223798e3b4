import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A user's project in a folder of its own, where this package is installed. */
export function createProject(files: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'tallo-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'tallo'));
  for (const [file, text] of Object.entries(files)) write(file, text);
  return { folder, write, read: (file: string) => readFileSync(join(folder, file), 'utf8') };
}

/** An app whose task `which` tells which one it is. */
export function appNamed(name: string): string {
  return `import { Tallo } from 'tallo';
export const app = new Tallo('${name}', { taskAlwaysEager: true });
app.task('which', () => '${name}');
`;
}
