import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { root } from './code-blocks.ts';

const doors = ['sdk', 'sdk/solar', 'functions', 'infra', 'local', 'testing'].map(
  (room) => `${room}/index.ts`,
);

/** Everything that the doors export, with its declaration. */
function exportsOf(): { name: string; declaration: ts.Declaration }[] {
  const config = ts.readConfigFile(`${root}tsconfig.json`, (path) => readFileSync(path, 'utf8'));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const program = ts.createProgram(
    doors.map((door) => root + door),
    options,
  );
  const checker = program.getTypeChecker();
  return doors.flatMap((door) => {
    const source = program.getSourceFile(root + door);
    const module = source && checker.getSymbolAtLocation(source);
    if (!module) throw new Error(`${door} exports nothing.`);
    return checker.getExportsOfModule(module).flatMap((symbol) => {
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      const declaration = target.declarations?.[0];
      return declaration ? [{ name: `${door}: ${symbol.name}`, declaration }] : [];
    });
  });
}

function docsOf(declaration: ts.Declaration): string {
  const holder = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  return ts
    .getJSDocCommentsAndTags(holder)
    .map((doc) => doc.getFullText())
    .join('\n');
}

const exported = exportsOf();

test('the doors are seen', () => {
  expect(exported.length).toBeGreaterThan(60);
});

test('everything that is exported says what it is for', () => {
  const silent = exported.filter(({ declaration }) => docsOf(declaration) === '').map(({ name }) => name);

  expect(silent).toEqual([]);
});

test('every function and class that is exported has an example, errors as a family', () => {
  const isError = (declaration: ts.Declaration) =>
    declaration.getSourceFile().fileName.includes('/sdk/errors/');
  const callable = exported.filter(
    ({ declaration }) => ts.isFunctionDeclaration(declaration) || ts.isClassDeclaration(declaration),
  );
  const without = callable
    .filter(({ declaration }) => !isError(declaration) && !docsOf(declaration).includes('@example'))
    .map(({ name }) => name);

  expect(without).toEqual([]);
  expect(
    exported.some(
      ({ name, declaration }) => name.endsWith(': TalloError') && docsOf(declaration).includes('@example'),
    ),
  ).toBe(true);
});
