import { ConfigurationError } from '../errors/index.ts';
import { refuseUnknown } from '../errors/refuse-unknown.ts';
import { type Duration, toMilliseconds } from '../time/duration.ts';
import { pageSeconds } from './pages.ts';

/** How to revoke. */
export interface RevokeOptions {
  /**
   * Also abort what is running: `self.signal` aborts with TaskRevokedError ('terminated') as its reason, and two seconds later
   * the run counts as ended, whatever it does. @default false: what has begun goes on to its end
   */
  readonly terminate?: boolean;
}

/** How to revoke by header. */
export interface RevokeByHeadersOptions extends RevokeOptions {
  /** Calls that are made within this time from now are revoked as well; up to 15 days. @default '3h', as Celery's workers remember it */
  readonly for?: Duration;
}

const names: ReadonlySet<string> = new Set<keyof RevokeOptions>(['terminate']);
const namesByHeaders: ReadonlySet<string> = new Set<keyof RevokeByHeadersOptions>(['terminate', 'for']);

/** As long as an entry of the list is kept. */
const maxForMs = pageSeconds * 1_000;

/** @throws ConfigurationError */
export function readRevokeOptions(options: RevokeOptions): { readonly terminate: boolean } {
  refuseUnknown('revoke', options, names);
  return { terminate: terminateOf(options) };
}

/** @throws ConfigurationError */
export function readByHeadersOptions(options: RevokeByHeadersOptions): {
  readonly terminate: boolean;
  readonly forMs: number;
} {
  refuseUnknown('revokeByStampedHeaders', options, namesByHeaders);
  const forMs = toMilliseconds(options.for ?? '3h', 'for');
  if (forMs <= maxForMs) return { terminate: terminateOf(options), forMs };
  throw new ConfigurationError(
    `Expected for to be at most 15 days, as long as the list is kept, got ${JSON.stringify(options.for)}.`,
  );
}

function terminateOf({ terminate = false }: RevokeOptions): boolean {
  if (typeof terminate === 'boolean') return terminate;
  throw new ConfigurationError(`Expected terminate to be true or false, got ${JSON.stringify(terminate)}.`);
}
