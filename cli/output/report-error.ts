import { inspect } from 'node:util';
import { type TalloError, talloErrorBrand } from '../../sdk/errors/tallo-error.ts';
import { AppFileError } from '../app/app-file-error.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { cloudTrouble } from './cloud-trouble.ts';
import type { Output } from './output.ts';

interface Failure {
  readonly exitCode: ExitCode;
  readonly name: string;
  readonly code: string;
  readonly message: string;
  /** What a person needs besides. */
  readonly details?: string;
}

/** Codes whose exit code is not that of a wrong usage or configuration. */
const special: Readonly<Record<string, ExitCode>> = {
  TIMEOUT: exitCodes.notReady,
  OPERATIONAL: exitCodes.cloud,
};

/** Says what went wrong and answers the exit code. */
export function reportError(error: unknown, output: Output): ExitCode {
  const { exitCode, details, ...failure } = failureOf(error);
  if (output.json) output.result({ error: { ...failure, ...(details !== undefined && { details }) } }, '');
  else output.error(details === undefined ? failure.message : `${failure.message}\n${details}`);
  return exitCode;
}

function failureOf(error: unknown): Failure {
  if (isOurs(error)) return failureOfOurs(error);
  const trouble = cloudTrouble(error);
  if (trouble) return { exitCode: exitCodes.cloud, code: 'CLOUD', ...trouble };
  return {
    exitCode: exitCodes.unexpected,
    name: error instanceof Error ? error.name : 'Error',
    code: 'UNEXPECTED',
    message: error instanceof Error ? error.message : String(error),
    details: inspect(error),
  };
}

/** By the brand: the app may have another copy of this package. */
function isOurs(error: unknown): error is TalloError {
  return error instanceof Error && talloErrorBrand in error;
}

function failureOfOurs(error: TalloError): Failure {
  const { name, code } = error;
  const trouble = code === 'OPERATIONAL' ? cloudTrouble(error.cause) : undefined;
  return {
    exitCode: special[code] ?? exitCodes.usage,
    name,
    code,
    // Of several words for one trouble those that say what to do.
    message: trouble?.message ?? error.message,
    // The mistake is in the user's own module: only its stack says where.
    ...(error instanceof AppFileError && error.cause !== undefined && { details: inspect(error.cause) }),
  };
}
