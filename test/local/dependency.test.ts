import { expect, test } from 'vitest';
import { loadDependency } from '../../local/dependency.ts';
import { MissingDependencyError } from '../../sdk/errors/index.ts';

/** An error as Node gives it when a package is not there. */
function notFound(name: string): Error {
  const error = new Error(`Cannot find package '${name}' imported from /app/index.js`);
  return Object.assign(error, { code: 'ERR_MODULE_NOT_FOUND' });
}

const dependency = { name: 'fauxqs', purpose: 'the local cloud', install: 'fauxqs dynalite' };

test('gives the package that is installed', async () => {
  const loaded = await loadDependency(dependency, async () => ({ version: 2 }));

  expect(loaded).toEqual({ version: 2 });
});

test('says which package is missing and how to install it', async () => {
  const loading = loadDependency(dependency, () => Promise.reject(notFound('fauxqs')));

  await expect(loading).rejects.toThrow(MissingDependencyError);
  await expect(loading).rejects.toThrow(
    /'fauxqs' for the local cloud.*npm install --save-dev fauxqs dynalite/,
  );
});

test('says so of a package that Node itself does not find', async () => {
  const name = 'tallo-no-such-package';

  const loading = loadDependency({ name, purpose: 'nothing' }, () => import(/* @vite-ignore */ name));

  await expect(loading).rejects.toThrow(MissingDependencyError);
});

test('passes on an error that the package itself has', async () => {
  const broken = notFound('fastify');

  await expect(loadDependency(dependency, () => Promise.reject(broken))).rejects.toBe(broken);
});
