import { inspect } from 'node:util';
import type { Outcome } from '../../sdk/engine/outcome.ts';
import { errorMessage, errorName } from '../../sdk/errors/describe-error.ts';
import type { Logger } from '../../sdk/log/logger.ts';

/** One line per outcome that somebody may want to read. */
export function logOutcome(outcome: Outcome, log: Logger, seconds: number): void {
  switch (outcome.kind) {
    case 'success':
      log.info('task success', { seconds });
      break;
    case 'failure':
    case 'rejected':
    case 'refused':
    case 'lost':
      log.error(`task ${outcome.kind}`, { seconds, error: outcome.error });
      break;
    case 'retry':
      log.warn('task will be retried', {
        seconds,
        at: new Date(outcome.at).toISOString(),
        reason: reasonOf(outcome.error),
      });
      break;
    case 'expired':
      log.warn('task expired before it was started');
      break;
    case 'put-off':
      log.debug('task put off', { why: outcome.why, at: new Date(outcome.at).toISOString() });
      break;
    case 'revoked':
      log.warn(`task ${outcome.reason}`, { seconds });
      break;
    default:
      log.debug(`task ${outcome.kind}`);
  }
}

/** A retry is expected to happen: one line, without the stack. */
function reasonOf(error: unknown): string | undefined {
  if (error === undefined) return undefined;
  return error instanceof Error ? `${errorName(error)}: ${errorMessage(error)}` : inspect(error);
}
