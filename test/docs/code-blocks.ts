import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A program in the documentation. */
export interface CodeBlock {
  /** The file and the line where it begins. */
  readonly where: string;
  readonly code: string;
}

/** The TypeScript blocks of the pages, and of the doc comments in the sources. `ts fragment` needs files that are not there. */
export function codeBlocks(): readonly CodeBlock[] {
  const pages = ['README.md', ...globSync('docs/**/*.md', { cwd: root })];
  const sources = globSync('{sdk,functions,infra,local,testing}/**/*.ts', { cwd: root });
  return [...pages, ...sources].flatMap((file) => blocksOf(file, readFileSync(`${root}${file}`, 'utf8')));
}

function blocksOf(file: string, text: string): CodeBlock[] {
  return [...text.matchAll(/^([ *]*)```ts\n([\s\S]*?)^\1```$/gm)].map((match) => {
    const [, prefix = '', body = ''] = match;
    const line = text.slice(0, match.index).split('\n').length;
    const code = body
      .split('\n')
      .map((row) => (row.startsWith(prefix) ? row.slice(prefix.length) : row.slice(prefix.trimEnd().length)));
    return { where: `${file}:${line}`, code: code.join('\n') };
  });
}
