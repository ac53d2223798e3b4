import { isJsonObject, type Json, type JsonObject } from '../../../sdk/wire/json.ts';

/** Long repetitions, such as those that make a workflow large, are stored by their length. */
const repeated = /(.)\1{499,}/gsu;

/** As it is stored: JSON, bytes as text, sets as lists. */
export function pack(recording: object): Json {
  const text = JSON.stringify(recording, (_name, value) => {
    if (value instanceof Uint8Array)
      return { $bytes: new TextDecoder('utf-8', { fatal: true }).decode(value) };
    return value instanceof Set ? { $set: [...value].toSorted() } : value;
  });
  return JSON.parse(text, (_name, value) => (typeof value === 'string' ? shortened(value) : value));
}

/** The other way. */
export function unpack<T>(json: Json): T {
  const revived: unknown = JSON.parse(JSON.stringify(json), (_name, value) => {
    if (typeof value === 'string')
      return value.replace(/⟦(.) × (\d+)⟧/gsu, (_all, one, count) => one.repeat(Number(count)));
    if (typeof value?.$bytes === 'string') return new TextEncoder().encode(value.$bytes);
    return Array.isArray(value?.$set) ? new Set(value.$set) : value;
  });
  // What `pack` was given.
  return revived as T;
}

/** Where an error came from, as its stack tells it, and the process that ran the task: other ones on every machine. */
const places = /(?:\\+n {4}at [^"\\]*)+/g;
const worker = /("(?:worker|hostname)": ?")[^"]+/g;
const pid = /("pid": ?)\d+/g;

function shortened(text: string): string {
  const anywhere = text.replace(places, '').replace(worker, '$1a worker').replace(pid, '$10');
  return anywhere.replace(repeated, (run: string, one: string) => `⟦${one} × ${run.length / one.length}⟧`);
}

/** With JSON within JSON as what it says, so that the order of keys does not matter and a difference can be read. */
export function opened(json: Json, name = ''): Json {
  if (Array.isArray(json)) return json.map((item) => opened(item));
  if (typeof json === 'string') return name === 'body' || name === '$bytes' ? openedText(json) : json;
  if (!isJsonObject(json)) return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, child]): [string, Json] => [key, opened(child, key)]),
  );
}

function openedText(text: string): Json {
  const message: unknown = parsed(text) ?? parsed(Buffer.from(text, 'base64').toString());
  return message === undefined ? text : opened(message as Json);
}

function parsed(text: string): JsonObject | undefined {
  try {
    const json = JSON.parse(text.replace(/\b(NaN|-?Infinity)\b/g, '"$1"'));
    return typeof json === 'object' && json !== null ? json : undefined;
  } catch {
    return undefined;
  }
}
