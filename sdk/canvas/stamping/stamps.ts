import { ConfigurationError } from '../../errors/index.ts';
import { isJsonObject, type Json, type JsonObject } from '../../wire/json.ts';
import { type SignatureJson, withOptions } from '../../wire/signature.ts';
import { encodeValue } from '../../wire/values.ts';
import type { StampHeaders } from './visitor.ts';

/** Headers, and which of them are stamps. */
export interface Stamps {
  readonly values: JsonObject;
  readonly names: readonly string[];
}

/** What options of a signature are called: a stamp of such a name would be taken for the option. */
const reserved: ReadonlySet<string> = new Set([
  ...[
    'task_id',
    'root_id',
    'parent_id',
    'group_id',
    'group_index',
    'reply_to',
    'chain',
    'chord',
    'link',
    'link_error',
  ],
  ...[
    'countdown',
    'eta',
    'expires',
    'queue',
    'exchange',
    'routing_key',
    'priority',
    'serializer',
    'compression',
  ],
  ...[
    'retry',
    'retry_policy',
    'time_limit',
    'soft_time_limit',
    'ignore_result',
    'headers',
    'stamped_headers',
  ],
  ...['argsrepr', 'kwargsrepr', 'shadow'],
]);

/** @throws ConfigurationError for a stamp under an option's name */
export function readStamps(headers: StampHeaders): Stamps {
  const json = encodeValue(headers, 'stamps');
  const { stamped_headers, ...values } = isJsonObject(json) ? json : {};
  const names = stamped_headers === undefined ? Object.keys(values) : namesIn(stamped_headers);
  const taken = names.find((name) => reserved.has(name));
  if (taken === undefined) return { values, names };
  throw new ConfigurationError(
    `Expected stamps of your own names, got '${taken}', which is an option of a call. Choose another name.`,
  );
}

/** Both; where a name is in both, the first wins. */
export function merged(first: Stamps, second: Stamps): Stamps {
  return {
    values: { ...second.values, ...first.values },
    names: [...new Set([...first.names, ...second.names])],
  };
}

export function stampsOf({ options }: SignatureJson): Stamps {
  const names = namesIn(options.stamped_headers);
  return { names, values: Object.fromEntries(names.map((name) => [name, options[name] ?? null])) };
}

export function withStamps(signature: SignatureJson, { values, names }: Stamps): SignatureJson {
  return names.length === 0 ? signature : withOptions(signature, { ...values, stamped_headers: names });
}

/** As a visitor is told of them. */
export function asHeaders({ values, names }: Stamps): JsonObject {
  return names.length === 0 ? values : { ...values, stamped_headers: names };
}

function namesIn(json: Json | undefined): readonly string[] {
  return Array.isArray(json) ? json.filter((name) => typeof name === 'string') : [];
}
