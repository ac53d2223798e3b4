import { isJsonObject, type Json } from '../wire/json.ts';

/** A stored exception as Python prints it: the reason that a ChordError gives. */
export function describeException(record: Json): string {
  if (!isJsonObject(record)) return printed(record);
  const { exc_type, exc_message = null } = record;
  const args = Array.isArray(exc_message) ? exc_message : [exc_message];
  return `${typeof exc_type === 'string' ? exc_type : 'Exception'}(${args.map(printed).join(', ')})`;
}

/** As Python's `repr`. */
function printed(value: Json): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(printed).join(', ')}]`;
  if (!isJsonObject(value)) return String(value);
  const entries = Object.entries(value).map(([key, inner]) => `${quoted(key)}: ${printed(inner)}`);
  return `{${entries.join(', ')}}`;
}

function quoted(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  return text.includes("'") && !text.includes('"') ? `"${escaped}"` : `'${escaped.replaceAll("'", "\\'")}'`;
}
