import type { WaitOptions } from 'tallo';
import { sendLetter } from '../app.ts';
import type { Recipient } from './recipients.ts';
import { type CampaignReport, type Ending, reportOn } from './report.ts';

export interface CampaignOptions extends WaitOptions {
  /** Hears of every letter that came to its end. */
  readonly onEnding?: (ending: Ending) => void;
}

/** Sends a letter to each, as one task each, waits for all of them and reports. No failure of a letter loses the report. */
export async function runCampaign(
  recipients: readonly Recipient[],
  { onEnding, ...waiting }: CampaignOptions = {},
): Promise<CampaignReport> {
  const endings = recipients.map(async (recipient) => {
    const ending = await endingOf(recipient, waiting);
    onEnding?.(ending);
    return ending;
  });
  return reportOn(await Promise.all(endings));
}

/** A call that was not taken, or an answer that did not come in time, belongs into the report too; only the signal ends all. */
async function endingOf(recipient: Recipient, waiting: WaitOptions): Promise<Ending> {
  try {
    const result = await sendLetter.delay(recipient);
    const answer = await result.get({ ...waiting, propagate: false });
    return { recipient, retries: await result.retries(), error: answer instanceof Error ? answer : null };
  } catch (error) {
    waiting.signal?.throwIfAborted();
    return { recipient, retries: 0, error };
  }
}
