import { isJsonObject, type Json } from '../../../sdk/wire/json.ts';

/** Something that is written now and that older versions do not know. */
interface Addition {
  /** The key, wherever it stands in a message, a row or a timer. */
  readonly where: string;
  /** The first version that writes it. */
  readonly since: string;
  /** Why an older one loses nothing when it passes over it. */
  readonly why: string;
}

/** Every one of them. Whatever is not here must be as it was. */
export const additions: readonly Addition[] = [];

const names = new Set(additions.map(({ where }) => where));

/** A recording without them. */
export function without(json: Json): Json {
  if (Array.isArray(json)) return json.map(without);
  if (!isJsonObject(json)) return json;
  const kept = Object.entries(json).filter(([name]) => !names.has(name));
  return Object.fromEntries(kept.map(([name, child]) => [name, without(child)]));
}
