import { setTimeout as sleep } from 'node:timers/promises';
import { serve, type WebServer } from '../web/serve.ts';

export interface ApiOptions {
  /** Calls that are taken within `perMs` of each other. @default no limit */
  readonly limit?: number;
  readonly perMs?: number;
  /** How long an answer takes, in real milliseconds. @default 0 */
  readonly answerMs?: number;
  readonly now: () => number;
}

export interface Api extends WebServer {
  /** When the calls came that were answered, epoch milliseconds. */
  readonly taken: readonly number[];
  /** How many were refused with 429. */
  readonly refused: () => number;
  /** How many calls were being answered at one time, at the most. */
  readonly mostAtOnce: () => number;
}

/** Somebody else's API on 127.0.0.1: it counts, and whoever asks too often is answered 429. */
export async function startApi(options: ApiOptions): Promise<Api> {
  const { limit = Number.POSITIVE_INFINITY, perMs = 0, answerMs = 0, now } = options;
  const taken: number[] = [];
  let [refused, atOnce, most] = [0, 0, 0];
  const server = await serve(async (asked, answer) => {
    const at = now();
    if (taken.filter((earlier) => earlier > at - perMs).length >= limit) {
      refused += 1;
      answer.writeHead(429, { 'retry-after': String(Math.ceil(perMs / 1_000)) }).end('Too many requests\n');
      return;
    }
    taken.push(at);
    atOnce += 1;
    most = Math.max(most, atOnce);
    await sleep(answerMs);
    atOnce -= 1;
    answer.setHeader('content-type', 'application/json');
    answer.end(JSON.stringify({ asked: asked.url, call: taken.length }));
  });
  return { ...server, taken, refused: () => refused, mostAtOnce: () => most };
}
