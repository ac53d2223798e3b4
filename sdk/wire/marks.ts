import { type Envelope, marksHeader } from './envelope.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';

/**
 * What our workers note on a message of ours, under one header that means nothing to anybody else. Most messages have none.
 * Instants are epoch milliseconds.
 */
export interface Marks {
  /** When the call was made, on a message that was sent again since. */
  readonly sent?: number;
  /** How often messages of this attempt were received, of which one was begun, maybe, by a worker that was lost. */
  readonly receives?: number;
  /** Not to be run before: the call was put off until then. */
  readonly notBefore?: number;
  /** How often this attempt was put off, or put back. */
  readonly turns?: number;
  /** The slot that was reserved for it under a rate limit. */
  readonly slot?: { readonly key: string; readonly at: number };
  /** How often it was put off because others of its key were running. */
  readonly waits?: number;
  /** It is next in line for one of their places. */
  readonly heir?: boolean;
  /** The key under which calls of it are collected until none has come for a while. */
  readonly debounce?: string;
  /** Its runs are claimed, so that copies of it do not run. */
  readonly dedupe?: boolean;
  /** How many delays it has been through: its way is too long for one, and it is too large for a timer. */
  readonly hops?: number;
  /** It was revoked before its time, and is here only to end. */
  readonly revoked?: boolean;
}

/** The notes on an envelope; what is not as it must be is not there. */
export function readMarks({ headers }: Pick<Envelope, 'headers'>): Marks {
  const marks = headers[marksHeader];
  if (!isJsonObject(marks)) return {};
  const { sent, receives, notBefore, turns, slot, waits, heir, debounce, dedupe, hops, revoked } = marks;
  return {
    ...(typeof sent === 'number' && { sent }),
    ...(typeof receives === 'number' && { receives }),
    ...(typeof notBefore === 'number' && { notBefore }),
    ...(typeof turns === 'number' && { turns }),
    ...(isSlot(slot) && { slot: { key: slot.key, at: slot.at } }),
    ...(typeof waits === 'number' && { waits }),
    ...(heir === true && { heir }),
    ...(typeof debounce === 'string' && { debounce }),
    ...(dedupe === true && { dedupe }),
    ...(typeof hops === 'number' && { hops }),
    ...(revoked === true && { revoked }),
  };
}

/** The envelope with these notes and no others. */
export function withMarks(envelope: Envelope, marks: Marks): Envelope {
  const { [marksHeader]: _before, ...others } = envelope.headers;
  const given = Object.entries(marks).filter(([, mark]) => mark !== undefined);
  if (given.length === 0) return { ...envelope, headers: others };
  // Every mark is JSON as it stands.
  return { ...envelope, headers: { ...others, [marksHeader]: Object.fromEntries(given) as JsonObject } };
}

/** When the call was made, as far as its message tells. */
export function callTime(envelope: Envelope, sentAt: number): number {
  return readMarks(envelope).sent ?? sentAt;
}

function isSlot(slot: Json | undefined): slot is { readonly key: string; readonly at: number } {
  return isJsonObject(slot) && typeof slot.key === 'string' && typeof slot.at === 'number';
}
