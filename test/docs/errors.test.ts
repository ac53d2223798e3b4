import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as errors from '../../sdk/errors/index.ts';
import { root } from './code-blocks.ts';

const classes = Object.entries(errors).filter(([name]) => name !== 'TalloError');

/** An instance of a class: name and code are fields of it. */
function instanceOf(name: string, anyClass: (typeof classes)[number][1]): errors.TalloError {
  if (name === 'TaskError') return new errors.TaskError('TaskError', []);
  return Reflect.construct(anyClass, ['x', { size: 1, limit: 1 }]) as errors.TalloError;
}

function codesInCode(): [string, string][] {
  return classes.map(([name, anyClass]) => [name, instanceOf(name, anyClass).code]);
}

function codesInDocs(): [string, string][] {
  const page = readFileSync(`${root}docs/errors.md`, 'utf8');
  return [...page.matchAll(/^\| `([A-Z_]+)` \| `(\w+)` \|/gm)].map(([, code = '', name = '']) => [
    name,
    code,
  ]);
}

test('docs/errors.md lists every error with its code', () => {
  expect(codesInDocs().toSorted()).toEqual(codesInCode().toSorted());
});

test('no two errors have one code', () => {
  const codes = codesInCode().map(([, code]) => code);

  expect(new Set(codes).size).toBe(codes.length);
});

test('every error bears the name of its class, also in a minified bundle', () => {
  for (const [name, anyClass] of classes) {
    expect(instanceOf(name, anyClass).name).toBe(name);
    expect(instanceOf(name, anyClass)).toBeInstanceOf(errors.TalloError);
  }
});
