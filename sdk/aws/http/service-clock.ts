import type { Clock } from '../../ports/clock.ts';
import type { AwsError } from './aws-error.ts';

/** Services refuse a signature that is five minutes off. A little less is none of ours to correct. */
const largestSkewMs = 240_000;

const skewCodes: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'AuthFailure',
  'InvalidSignatureException',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
]);

/** The time at the service, as far as its refusals have told: machines exist whose clocks are wrong. */
export class ServiceClock {
  readonly #clock: Clock;
  #offsetMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now() + this.#offsetMs;
  }

  /**
   * Whether the clock that the request was signed by was the reason of its refusal, and is corrected now. Then the request is worth
   * one more attempt.
   */
  corrects({ name, serverTime }: AwsError, signedAt: number): boolean {
    if (!skewCodes.has(name) || serverTime === undefined) return false;
    if (Math.abs(serverTime - signedAt) < largestSkewMs) return false;
    this.#offsetMs = serverTime - this.#clock.now();
    return true;
  }
}
