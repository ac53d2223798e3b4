import type { AnySignature, OutgoingMessage } from 'tallo';
import type { MemoryCloud, MemoryCloudOptions } from 'tallo/testing';
import { isReady } from '../../sdk/result/states.ts';
import { type Anything, world } from '../conformance/world.ts';
import { type Cast, moreTasks } from './stories.ts';

/** What became of a workflow, as far as it must not depend on how often a message was delivered. */
export interface Ending {
  /** The value, or the error. */
  readonly outcome: Anything;
  /** What `echo` has seen, each once. */
  readonly echoes: readonly string[];
  /** The state and the result of every task that has come to its end, by its id. */
  readonly rows: Readonly<Record<string, string>>;
  readonly deadLetters: number;
}

export interface Performance extends Ending {
  /** How often each call was sent, counted at `queues.send`: by its id, its attempt, and how often it stands for another. */
  readonly sends: ReadonlyMap<string, number>;
}

/** How the world is in which a workflow runs. */
export interface Circumstances {
  readonly cloud?: MemoryCloudOptions;
  readonly disturb?: (cloud: MemoryCloud) => void;
}

/** Runs a workflow to its end, in a world of its own that is always made in the same way. */
export async function perform(
  make: (cast: Cast) => AnySignature,
  { cloud: options, disturb = () => undefined }: Circumstances = {},
): Promise<Performance> {
  const it = world(options);
  const { cloud, messages } = it;
  const sends = noteSends(cloud);
  disturb(cloud);
  const workflow = make({ ...it, ...moreTasks(it) }) as Anything;
  const outcome = await outcomeOf(await workflow.delay());
  await cloud.untilIdle();
  const echoes = [...new Set(messages.map((message) => JSON.stringify(message)))].sort();
  const rows = rowsOf(cloud);
  const deadLetters = cloud.deadLetters().length;
  await cloud.stop();
  return { outcome, echoes, rows, deadLetters, sends };
}

async function outcomeOf(result: Anything): Promise<unknown> {
  try {
    return await result.get({ timeout: '1d' });
  } catch (error) {
    return String(error);
  }
}

function noteSends(cloud: MemoryCloud): ReadonlyMap<string, number> {
  const sends = new Map<string, number>();
  const send = cloud.queues.send.bind(cloud.queues);
  cloud.queues.send = (queue, messages) => {
    for (const call of messages.map(callOf)) sends.set(call, (sends.get(call) ?? 0) + 1);
    return send(queue, messages);
  };
  return sends;
}

/** Names a call: its task, id and attempt. */
export function callOf({ body }: Pick<OutgoingMessage, 'body'>): string {
  const { task, id, retries = 0, replaced_task_nesting: nesting = 0 } = JSON.parse(body).headers;
  return `${task} ${id} attempt ${retries}${nesting > 0 ? ` replaced ${nesting}` : ''}`;
}

export function rowsOf(cloud: MemoryCloud): Record<string, string> {
  const ended = cloud.table.rows().flatMap(({ id, result, state }) => {
    if (!(result instanceof Uint8Array) || typeof state !== 'string' || !isReady(state)) return [];
    const meta = JSON.parse(new TextDecoder().decode(result));
    return [[id, JSON.stringify([state, meta.result])] as const];
  });
  return Object.fromEntries(ended);
}
