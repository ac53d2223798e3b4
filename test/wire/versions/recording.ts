import type { Duration, OutgoingMessage, Tallo } from 'tallo';
import { type MemoryCloud, memoryCloud } from 'tallo/testing';
import type { Item } from '../../../sdk/ports/table.ts';
import type { Timer } from '../../../sdk/ports/timers.ts';
import { isReady } from '../../../sdk/result/states.ts';
import { type Json, parseJson, writeJson } from '../../../sdk/wire/json.ts';
import { startPump } from './pump.ts';

/** An app, and what somebody does with it. */
export interface Stage {
  readonly app: Tallo;
  /** What its tasks have noted. */
  readonly seen: readonly unknown[];
  readonly act: (cloud: MemoryCloud) => Promise<unknown>;
  /** How much later it is looked at. @default between messages */
  readonly pause?: Duration;
  /** How many messages are at work at once. @default 1 */
  readonly parallel?: number;
  /** How many of the first messages are taken by a worker that is lost. @default none */
  readonly lost?: number;
}

export interface Sent extends OutgoingMessage {
  readonly queue: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A cloud in the middle of things. */
export interface Half {
  readonly now: number;
  /** What had been noted until then, and how many letters were dead. */
  readonly seen: readonly unknown[];
  readonly deadLetters: number;
  /** What waits in queues: the number of a message that was sent, or of a timer that has rung. */
  readonly waiting: readonly (
    | { readonly sent: number }
    | { readonly timer: number; readonly queue: string }
  )[];
  /** The numbers of those that have not rung. */
  readonly timers: readonly number[];
  readonly rows: readonly Item[];
}

/** All that a version writes while somebody does something with it, and how it ends. */
export interface Recording {
  readonly sent: readonly Sent[];
  readonly timers: readonly Timer[];
  readonly halves: readonly Half[];
  readonly rows: readonly Item[];
  readonly end: End;
}

export interface End {
  /** Each once, as text. */
  readonly seen: readonly string[];
  /** State and result of each task that has come to its end. */
  readonly results: Readonly<Record<string, string>>;
  readonly deadLetters: number;
}

/** Plays it in a world that is always the same: time, ids and chance. */
export async function record(play: () => Stage): Promise<Recording> {
  const { app, seen, act, pause, parallel = 1, lost = 0 } = play();
  const cloud = memoryCloud(app, { seed: 7, reorder: false, handler: false });
  const { sent, timers, lookAt } = watch(cloud);
  const look = () => lookAt(seen);
  await act(cloud);
  const first = await look();
  const between: Promise<Half>[] = [];
  startPump(app, cloud, { parallel, lost, beforeEach: () => void between.push(look()) });
  const paused: Half[] = [];
  if (pause !== undefined) {
    await cloud.advance(pause);
    paused.push(await look());
  }
  await cloud.untilIdle();
  const some = pause === undefined ? thirds(await Promise.all(between)) : paused;
  const recording = {
    sent,
    timers,
    halves: [first, ...some],
    rows: inOrder(cloud.table.rows()),
    end: endOf(cloud, seen),
  };
  await cloud.stop();
  return recording;
}

/** How it has ended. */
export function endOf(cloud: MemoryCloud, seen: readonly unknown[]): End {
  return {
    seen: [...new Set(seen.map((one) => JSON.stringify(one) ?? 'undefined'))].toSorted(),
    results: resultsIn(cloud),
    deadLetters: deadLettersOf(cloud),
  };
}

function resultsIn(cloud: MemoryCloud): Readonly<Record<string, string>> {
  const found = inOrder(cloud.table.rows()).flatMap(({ id, state, result }) => {
    if (typeof state !== 'string' || !isReady(state) || !(result instanceof Uint8Array)) return [];
    const meta = parseJson(new TextDecoder().decode(result), `row ${id}`) as { readonly result: Json };
    return [[id, `${state} ${writeJson(meta.result)}`] as const];
  });
  return Object.fromEntries(found);
}

function deadLettersOf(cloud: MemoryCloud): number {
  return cloud.deadLetters().length;
}

/** After one third of the messages and after two. */
function thirds(halves: readonly Half[]): readonly Half[] {
  const places = [1, 2].map((third) => Math.floor((halves.length * third) / 3));
  return [...new Set(places)].flatMap((place) => (place === 0 ? [] : (halves[place] ?? [])));
}

function watch(cloud: MemoryCloud) {
  const sent: Sent[] = [];
  const timers: Timer[] = [];
  const send = cloud.queues.send.bind(cloud.queues);
  cloud.queues.send = (queue, messages) => {
    for (const message of messages) sent.push({ queue, at: cloud.clock.now(), ...message });
    return send(queue, messages);
  };
  const set = cloud.timers.set.bind(cloud.timers);
  cloud.timers.set = async (timer) => {
    const isSet = await set(timer);
    if (isSet) timers.push(timer);
    return isSet;
  };
  /** The table and the queues are as they are now, whatever happens before it is known which timers stand. */
  const lookAt = async (seen: readonly unknown[]): Promise<Half> => {
    const now = cloud.clock.now();
    const waiting = waitingIn(cloud, sent, timers);
    const half = {
      now,
      seen: [...seen],
      deadLetters: deadLettersOf(cloud),
      waiting,
      rows: inOrder(cloud.table.rows()),
    };
    const standing = await Promise.all(timers.map(({ id }) => cloud.timers.find(id)));
    return { ...half, timers: standing.flatMap((timer, i) => (timer === undefined ? [] : [i])) };
  };
  return { sent, timers, lookAt };
}

/** Of several messages that are alike the last ones wait. */
function waitingIn(cloud: MemoryCloud, sent: readonly Sent[], timers: readonly Timer[]): Half['waiting'] {
  const queues = new Set([...sent.map(({ queue }) => queue), ...timers.map(({ queueName }) => queueName)]);
  const used = new Set<number>();
  return [...queues].flatMap((queue) =>
    cloud.queues
      .named(queue)
      .peek()
      .map(({ body }) => {
        const found = sent.findLastIndex(
          (one, i) => one.queue === queue && one.body === body && !used.has(i),
        );
        if (found === -1)
          return { timer: timers.findLastIndex(({ message }) => message.body === body), queue };
        used.add(found);
        return { sent: found };
      }),
  );
}

function inOrder(rows: readonly Item[]): readonly Item[] {
  return rows.toSorted((one, other) => (one.id < other.id ? -1 : 1));
}
