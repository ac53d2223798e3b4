import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { rules } from '../../preflight/rules.ts';

const page = readFileSync(new URL('../../docs/preflight.md', import.meta.url), 'utf8');

test('docs/preflight.md lists every rule, in the order of a report', () => {
  const rows = [...page.matchAll(/^\| \[`([a-z-]+)`\]\((.*)\) \| (.*) \| (.*) \|$/gm)].map(
    ([, name, see, levels, asks]) => ({ name, see, levels, asks }),
  );

  expect(rows).toEqual(
    rules.map(({ name, see, levels, asks }) => ({ name, see, levels: levels.join(', '), asks })),
  );
});

test('every rule has a name of its own and asks a question', () => {
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  for (const { asks, see, levels } of rules) {
    expect(asks).toMatch(/^[A-Z].*\?$/);
    expect(see).toMatch(/^https:\/\/docs\.(aws\.amazon\.com|celeryq\.dev)\//);
    expect(levels.length).toBeGreaterThan(0);
  }
});
