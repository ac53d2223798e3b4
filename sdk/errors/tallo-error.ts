/** By this the command line knows an error of ours, also one of another copy of this package. */
export const talloErrorBrand: unique symbol = Symbol.for('tallo.error');

/**
 * The base of every error that Tallo throws. `code` is stable and listed in docs/errors.md; messages may change.
 *
 * @example
 * ```ts
 * import { TalloError, Tallo } from 'tallo';
 *
 * try {
 *   new Tallo('my app');
 * } catch (error) {
 *   if (error instanceof TalloError) console.log(error.name, error.code); // ConfigurationError CONFIGURATION
 * }
 * ```
 */
export abstract class TalloError extends Error {
  readonly [talloErrorBrand] = true;
  abstract readonly code: string;
  /** The class's own name, spelled out so that a minified bundle keeps it. */
  abstract override readonly name: string;
}

/** An option, a definition or an endpoint is not as it must be. Thrown where the mistake stands, never later. */
export class ConfigurationError extends TalloError {
  override readonly name = 'ConfigurationError';
  readonly code = 'CONFIGURATION';
}

/** A package that this part of Tallo needs is not installed; the message has the command that installs it. */
export class MissingDependencyError extends TalloError {
  override readonly name = 'MissingDependencyError';
  readonly code = 'MISSING_DEPENDENCY';
}
