import { DecodeError } from '../errors/index.ts';
import { decompress } from './compression.ts';
import { type Embed, type Envelope, emptyEmbed } from './envelope.ts';
import { readInstant } from './instant.ts';
import { isJsonObject, type Json, type JsonObject, parseJson } from './json.ts';
import { isTaskId } from './keys.ts';
import { defaultPriority } from './priority.ts';

/**
 * Reads a message of Celery's protocol 2, plain or base64, from whatever producer wrote it.
 *
 * @throws DecodeError that says what was expected, with the task's id and name where they could be read.
 */
export function readEnvelope(text: string): Envelope {
  const message = parseJson(plainText(text), 'the message');
  if (!isJsonObject(message))
    throw new DecodeError(`Expected the message to be a JSON object, got ${typeName(message)}.`);
  const headers = isJsonObject(message.headers) ? message.headers : {};
  const id = textOf(headers.id);
  const found = {
    taskId: id && isTaskId(id) ? id : undefined,
    task: textOf(headers.task)?.slice(0, maxNameLength),
  };
  try {
    return assemble(message, headers);
  } catch (error) {
    if (error instanceof DecodeError) throw new DecodeError(error.message, { ...found, cause: error.cause });
    throw error;
  }
}

function assemble(message: JsonObject, headers: JsonObject): Envelope {
  const { task, id, ...rest } = headers;
  if (typeof task !== 'string' || typeof id !== 'string' || task === '' || id === '') {
    throw new DecodeError(
      "Expected a message of Celery's protocol 2, whose headers have 'task' and 'id', got none. Set task_protocol = 2 in the producer.",
    );
  }
  if (!isTaskId(id))
    throw new DecodeError(`Expected the id to be short enough for the table, got ${id.length} characters.`);
  checkName('task', task);
  const properties = isJsonObject(message.properties) ? message.properties : {};
  const [args, kwargs, embed] = readBody(message, properties, rest);
  return { task, id, args, kwargs, embed, ...readHeaders(rest, id), ...readProperties(properties) };
}

function readBody(
  message: JsonObject,
  properties: JsonObject,
  headers: JsonObject,
): [readonly Json[], JsonObject, Embed] {
  const type = message['content-type'];
  if (type !== 'application/json')
    throw new DecodeError(`Expected content-type application/json, got ${JSON.stringify(type)}.`);
  const { body } = message;
  if (typeof body !== 'string') throw new DecodeError(`Expected the body to be text, got ${typeName(body)}.`);
  const triple = parseJson(bodyText(body, properties, headers), 'the body');
  if (!Array.isArray(triple) || triple.length !== 3) {
    throw new DecodeError(`Expected the body to be [args, kwargs, embed], got ${typeName(triple)}.`);
  }
  const [args, kwargs, embed] = triple as [Json, Json, Json];
  if (!Array.isArray(args)) throw new DecodeError(`Expected args to be an array, got ${typeName(args)}.`);
  if (!isJsonObject(kwargs))
    throw new DecodeError(`Expected kwargs to be an object, got ${typeName(kwargs)}.`);
  return [args, kwargs, isJsonObject(embed) ? { ...emptyEmbed, ...embed } : emptyEmbed];
}

function bodyText(body: string, { body_encoding }: JsonObject, { compression = null }: JsonObject): string {
  if (body_encoding !== 'base64' && compression === null) return body;
  const bytes = Buffer.from(body, 'base64');
  return compression === null ? bytes.toString('utf8') : decompress(bytes, compression);
}

function readHeaders(headers: JsonObject, id: string) {
  const {
    retries,
    eta,
    expires,
    timelimit,
    root_id,
    parent_id,
    group,
    group_index,
    ignore_result,
    compression,
    ...others
  } = headers;
  const [hard, soft] = Array.isArray(timelimit) ? timelimit : [];
  return {
    retries: numberOf(retries) ?? 0,
    eta: instantOf('eta', eta),
    expires: instantOf('expires', expires),
    timeLimit: numberOf(hard),
    softTimeLimit: numberOf(soft),
    rootId: nameOf('root_id', root_id) ?? id,
    parentId: nameOf('parent_id', parent_id) ?? null,
    group: nameOf('group', group) ?? null,
    groupIndex: numberOf(group_index),
    ignoreResult: ignore_result === true,
    compression: textOf(compression) ?? null,
    headers: others,
  };
}

function readProperties(properties: JsonObject) {
  const { delivery_info, priority, correlation_id, delivery_mode, body_encoding, delivery_tag, ...others } =
    properties;
  const info = isJsonObject(delivery_info) ? delivery_info : {};
  return {
    queue: textOf(info.routing_key) ?? '',
    priority: numberOf(priority) ?? defaultPriority,
    redelivered: info.redelivered === true,
    properties: others,
  };
}

/** kombu may wrap the whole message in base64; JSON of an object never looks like it. */
function plainText(text: string): string {
  const trimmed = text.trim();
  // One quantifier over each character: a hostile message must not keep the worker busy with backtracking.
  return /^[A-Za-z0-9+/\r\n]+={0,2}$/.test(trimmed) ? Buffer.from(trimmed, 'base64').toString('utf8') : text;
}

function instantOf(name: string, value: Json | undefined): number | null {
  if (value === null || value === undefined) return null;
  const instant = typeof value === 'string' ? readInstant(value) : Number.NaN;
  if (Number.isNaN(instant))
    throw new DecodeError(`Expected ${name} to be an ISO 8601 instant, got ${JSON.stringify(value)}.`);
  return instant;
}

/** Names become part of rows, which have a limit; nothing that Celery makes is longer than a UUID. */
const maxNameLength = 500;

function nameOf(what: string, value: Json | undefined): string | undefined {
  const name = textOf(value);
  if (name !== undefined) checkName(what, name);
  return name;
}

function checkName(what: string, name: string): void {
  if (name.length <= maxNameLength) return;
  throw new DecodeError(`Expected ${what} to have at most ${maxNameLength} characters, got ${name.length}.`);
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: Json | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

function typeName(value: Json | undefined): string {
  if (value === null || value === undefined) return 'nothing';
  return Array.isArray(value) ? `an array of ${value.length}` : `a ${typeof value}`;
}
