import { isJsonObject, type Json, type JsonObject, parseJson } from '../../sdk/wire/json.ts';
import { UsageError } from '../usage-error.ts';

/** Reads positional arguments: `[2, 3]`. */
export function readArgs(text: string): readonly Json[] {
  const value = readJson('--args', text);
  if (Array.isArray(value)) return value;
  throw new UsageError(`Expected --args to be a JSON array such as '[2, 3]', got ${text}`);
}

/** Reads keyword arguments: `{"to": "Ada"}`. */
export function readKwargs(text: string): JsonObject {
  const value = readJson('--kwargs', text);
  if (isJsonObject(value)) return value;
  throw new UsageError(`Expected --kwargs to be a JSON object such as '{"to": "Ada"}', got ${text}`);
}

function readJson(option: string, text: string): Json {
  try {
    return parseJson(text, option);
  } catch (cause) {
    const reason = cause instanceof Error && cause.cause instanceof Error ? ` (${cause.cause.message})` : '';
    throw new UsageError(`Expected ${option} to be JSON, got ${text}${reason}. Quote it for the shell.`, {
      cause,
    });
  }
}
