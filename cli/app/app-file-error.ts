import { TalloError } from '../../sdk/index.ts';

/** There is no app where one was looked for. `cause` has what its module threw, if it did. */
export class AppFileError extends TalloError {
  override readonly name = 'AppFileError';
  readonly code = 'APP_FILE';
}
