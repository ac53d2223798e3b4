/** Why a target could not be invoked, in its own words. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
  /** The target's name for it, such as `ResourceNotFoundException`. */
  readonly code: string;
  /** Whether trying again is in vain: there is no such target, or it refuses what it is given. */
  readonly isFinal: boolean;

  constructor(code: string, message: string, isFinal: boolean) {
    super(message);
    this.code = code;
    this.isFinal = isFinal;
  }
}
