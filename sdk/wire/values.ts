import { DecodeError, EncodeError } from '../errors/index.ts';
import { readInstant, writeInstant } from './instant.ts';
import {
  floatExtension,
  forbiddenKey,
  isJsonObject,
  type Json,
  type JsonObject,
  maxDepth,
  tooDeep,
} from './json.ts';

/**
 * Turns a value into JSON, with kombu's extension for what JSON lacks: a Date becomes
 * `{"__type__": "datetime", "__value__": ...}`, bytes become `bytes` or `base64`. NaN and Infinity take that form too, and
 * `writeJson` writes them as Python does.
 * Whatever has `toJSON` is asked for it; undefined is left out of objects and null elsewhere.
 *
 * @throws EncodeError for functions, symbols, bigints, maps, sets, invalid dates, cycles and more than 500 levels.
 * @see https://docs.celeryq.dev/projects/kombu/en/stable/userguide/serialization.html
 */
export function encodeValue(value: unknown, path = 'value', depth = 1): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'undefined':
      return null;
    case 'number':
      return Number.isFinite(value) ? value : floatExtension(value);
    case 'object':
      return value === null ? null : encodeObject(value, path, depth);
    default:
      throw refused(path, `a ${typeof value}`);
  }
}

/** Turns JSON back into values. A date, time, decimal or uuid of Python's comes as text. */
export function decodeValue(json: Json): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map(decodeValue);
  if (isExtension(json)) return decodeExtension(json.__type__, json.__value__);
  return Object.fromEntries(Object.entries(json).map(([key, child]) => [key, decodeValue(child)]));
}

function encodeObject(value: object, path: string, depth: number): Json {
  if (depth > maxDepth) throw tooDeep(path);
  if (Array.isArray(value)) return value.map((child, i) => encodeValue(child, `${path}[${i}]`, depth + 1));
  if (value instanceof Date) return encodeDate(value, path);
  if (value instanceof Uint8Array) return encodeBytes(value);
  if (value instanceof Promise) throw refused(path, 'a Promise', ' Await it first.');
  if (value instanceof Error) throw refused(path, `an ${value.name}`, ' Send its message instead.');
  if (value instanceof Map || value instanceof Set) {
    throw refused(path, `a ${value.constructor.name}`, ' Send an array or an object instead.');
  }
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return encodeValue(value.toJSON(), path, depth + 1);
  return encodeEntries(value, path, depth);
}

function encodeEntries(value: object, path: string, depth: number): JsonObject {
  const encoded: Record<string, Json> = {};
  for (const [key, child] of Object.entries(value)) {
    if (key === forbiddenKey) throw refused(path, `the key '${forbiddenKey}'`);
    if (child !== undefined) encoded[key] = encodeValue(child, `${path}.${key}`, depth + 1);
  }
  return encoded;
}

function encodeDate(date: Date, path: string): Json {
  if (Number.isNaN(date.getTime())) throw refused(path, 'an invalid Date');
  return { __type__: 'datetime', __value__: writeInstant(date.getTime()) };
}

function encodeBytes(bytes: Uint8Array): Json {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { __type__: 'bytes', __value__: text };
  } catch {
    return { __type__: 'base64', __value__: Buffer.from(bytes).toString('base64') };
  }
}

function refused(path: string, got: string, advice = ''): EncodeError {
  return new EncodeError(`Expected ${path} to be something that JSON can hold, got ${got}.${advice}`);
}

/** An object with more keys than these two is one of the user's, for kombu as well. */
function isExtension(json: Json): json is { __type__: string; __value__: Json } & JsonObject {
  return (
    isJsonObject(json) &&
    typeof json.__type__ === 'string' &&
    '__value__' in json &&
    Object.keys(json).length === 2
  );
}

const decoders: Readonly<Record<string, (value: string) => unknown>> = {
  datetime: (text) => new Date(readInstant(text)),
  date: (text) => text,
  time: (text) => text,
  decimal: (text) => text,
  float: (text) => Number(text),
  bytes: (text) => new TextEncoder().encode(text),
  base64: (text) => new Uint8Array(Buffer.from(text, 'base64')),
};

function decodeExtension(type: string, value: Json): unknown {
  const hex = type === 'uuid' && isJsonObject(value) ? value.hex : undefined;
  if (typeof hex === 'string') return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const decode = Object.hasOwn(decoders, type) ? decoders[type] : undefined;
  if (decode && typeof value === 'string') return decode(value);
  throw new DecodeError(
    `Expected a value of a known __type__, got '${type}' of ${JSON.stringify(value).slice(0, 80)}.`,
  );
}
