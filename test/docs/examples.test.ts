import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { type CodeBlock, codeBlocks, root } from './code-blocks.ts';

/** Runs a program of the documentation as it stands there and returns what it printed. */
function run({ where, code }: CodeBlock): string[] {
  const file = `${root}test/docs/.example-${where.replace(/[^a-z0-9]+/gi, '-')}.ts`;
  writeFileSync(file, code);
  onTestFinished(() => rmSync(file));
  const env = { ...process.env, TALLO_LOG_LEVEL: 'silent' };
  const options = { cwd: root, encoding: 'utf8', env, timeout: 60_000 } as const;
  return execFileSync(process.execPath, ['--conditions=tallo-source', file], options)
    .trim()
    .split('\n')
    .filter(Boolean);
}

/** What the program says that it prints: the comment behind each `console.log`, up to the first comma. */
function promised({ code }: CodeBlock): string[] {
  return [...code.matchAll(/console\.log\(.*\);? *\/\/ ([^,\n]+)/g)].map(([, text = '']) => text.trim());
}

test.for(codeBlocks().map((block) => [block.where, block] as const))(
  '%s does what it says',
  { timeout: 60_000 },
  ([, block]) => {
    expect(block.code, 'a block is a whole program').toMatch(/^import /m);
    expect(run(block)).toEqual(promised(block));
  },
);
