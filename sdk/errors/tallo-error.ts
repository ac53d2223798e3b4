/** The base of every error that Tallo throws. `code` is stable and listed in docs/errors.md; messages may change. */
export abstract class TalloError extends Error {
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** An option, a definition or an endpoint is not as it must be. Thrown where the mistake stands, never later. */
export class ConfigurationError extends TalloError {
  readonly code = 'CONFIGURATION';
}

/** A package that this part of Tallo needs is not installed; the message has the command that installs it. */
export class MissingDependencyError extends TalloError {
  readonly code = 'MISSING_DEPENDENCY';
}
