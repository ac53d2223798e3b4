import type { ReceivedMessage, ReceiveOptions } from '../../sdk/ports/queues.ts';
import type { Settings } from './options.ts';

/** Receives messages: none when the wait was in vain or called off, or the event source stops; undefined when the endpoint failed. */
export type Receive = (
  options: Pick<ReceiveOptions, 'max' | 'waitSeconds' | 'signal'>,
) => Promise<readonly ReceivedMessage[] | undefined>;

const firstPause = 100;
const longestPause = 5_000;

/** Receives from the queue and never throws: a failure is logged, and the call after it first pauses, longer each time. */
export function patientReceive(settings: Settings, signal: AbortSignal): Receive {
  const { queues, clock, queue, log } = settings;
  let failures = 0;
  return async ({ signal: ending = signal, ...options }) => {
    if (failures > 0) await rest(clock.sleep(pauseAfter(failures), ending));
    if (ending.aborted) return [];
    try {
      const messages = await queues.receive(queue.queueName, { ...options, signal: ending });
      failures = 0;
      return messages;
    } catch (error) {
      if (ending.aborted) return [];
      failures += 1;
      log.warn(`Receiving from '${queue.queueName}' failed; trying again in ${pauseAfter(failures)} ms.`, {
        error,
      });
      return undefined;
    }
  };
}

/** Waits for a sleep that may be cut short by the end of the event source. */
export async function rest(sleep: Promise<void>): Promise<void> {
  await sleep.catch(() => {}); // it rejects only when the signal aborts, which whoever waits looks at next
}

function pauseAfter(failures: number): number {
  return Math.min(longestPause, firstPause * 2 ** (failures - 1));
}
