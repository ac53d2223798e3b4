import { TalloError } from '../sdk/index.ts';

/** The command line is not as it must be. */
export class UsageError extends TalloError {
  override readonly name = 'UsageError';
  readonly code = 'USAGE';
}
