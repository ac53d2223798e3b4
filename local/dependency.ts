import { MissingDependencyError } from '../sdk/errors/index.ts';

/** A package that is not installed with Tallo, since only some need it. */
export interface Dependency {
  readonly name: string;
  /** What cannot be done without it, to follow "for": `the local cloud`. */
  readonly purpose: string;
  /** The packages to install with it. @default its own name */
  readonly install?: string;
}

/**
 * Loads an optional package.
 *
 * @throws MissingDependencyError with the command that installs it, if it is missing; any other error passes as it is.
 * @example const { default: dynalite } = await loadDependency({ name: 'dynalite', purpose: 'the local cloud' }, () => import('dynalite'));
 */
export async function loadDependency<T>(dependency: Dependency, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!isMissing(error, dependency.name)) throw error;
    const { name, purpose, install = name } = dependency;
    throw new MissingDependencyError(
      `Expected the package '${name}' for ${purpose}, found none. Install it: npm install --save-dev ${install}`,
      { cause: error },
    );
  }
}

/** Whether that very package is missing, and not one that it needs itself. */
function isMissing(error: unknown, name: string): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return error.code === 'ERR_MODULE_NOT_FOUND' && error.message.includes(`'${name}'`);
}
