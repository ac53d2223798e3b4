import type { Outcome } from '../../sdk/engine/outcome.ts';
import type { Logger } from '../../sdk/log/logger.ts';

/** One line per outcome that somebody may want to read; success is the rule and only told on request. */
export function logOutcome(outcome: Outcome, log: Logger): void {
  switch (outcome.kind) {
    case 'failure':
    case 'rejected':
    case 'refused':
    case 'lost':
      log.error(`task ${outcome.kind}`, { error: outcome.error });
      break;
    case 'retry':
      log.warn('task will be retried', { at: new Date(outcome.at).toISOString(), error: outcome.error });
      break;
    case 'expired':
      log.warn('task expired before it was started');
      break;
    default:
      log.debug(`task ${outcome.kind}`);
  }
}
