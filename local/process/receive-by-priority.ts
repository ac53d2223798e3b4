import type { ReceivedMessage } from '../../sdk/ports/queues.ts';
import type { Lane } from './lane.ts';

/** Messages, and the lane that they came from. */
export interface Arrival {
  readonly lane: Lane;
  readonly messages: readonly ReceivedMessage[];
}

/** SQS hands out at most ten messages per request. */
const maxReceived = 10;

/**
 * Receives at most as many messages as there is room for: from the first lane that has any, or from whichever has some first. In the second
 * case two lanes may have some at the same moment, which are then too many.
 */
export async function receiveByPriority(
  lanes: readonly Lane[],
  room: number,
  signal: AbortSignal,
): Promise<readonly Arrival[]> {
  const max = Math.min(maxReceived, room);
  if (lanes.length === 1) return waitForAny(lanes, max, signal);
  for (const lane of lanes) {
    const messages = (await lane.receive({ max, waitSeconds: 0 })) ?? [];
    if (messages.length > 0) return [{ lane, messages }];
  }
  return waitForAny(lanes, max, signal);
}

async function waitForAny(
  lanes: readonly Lane[],
  max: number,
  signal: AbortSignal,
): Promise<readonly Arrival[]> {
  const found = new AbortController();
  const ending = lanes.length === 1 ? signal : AbortSignal.any([signal, found.signal]);
  const polls = lanes.map(async (lane) => {
    const waitSeconds = lane.settings.pollSeconds;
    const messages = (await lane.receive({ max, waitSeconds, signal: ending })) ?? [];
    if (messages.length > 0) found.abort();
    return { lane, messages };
  });
  return (await Promise.all(polls)).filter(({ messages }) => messages.length > 0);
}
