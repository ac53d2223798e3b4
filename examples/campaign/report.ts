import type { Recipient } from './recipients.ts';

/** What became of one letter. */
export interface Ending {
  readonly recipient: Recipient;
  readonly retries: number;
  /** Null: it was sent. */
  readonly error: unknown;
}

export interface CampaignReport {
  readonly total: number;
  readonly sent: number;
  readonly failed: number;
  /** From 0 to 1. */
  readonly successRate: number;
  readonly retries: number;
  readonly failures: readonly { readonly email: string; readonly error: string }[];
}

export function reportOn(endings: readonly Ending[]): CampaignReport {
  const failures = endings.filter(({ error }) => error !== null);
  const total = endings.length;
  const sent = total - failures.length;
  return {
    total,
    sent,
    failed: failures.length,
    successRate: total === 0 ? 1 : sent / total,
    retries: endings.reduce((sum, { retries }) => sum + retries, 0),
    failures: failures.map(({ recipient, error }) => ({
      email: recipient.email,
      error: error instanceof Error ? error.message : String(error),
    })),
  };
}
