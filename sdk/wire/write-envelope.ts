import { compress } from './compression.ts';
import type { Envelope } from './envelope.ts';
import { writeInstant } from './instant.ts';
import { type Json, type JsonObject, writeJson } from './json.ts';

/**
 * Writes an envelope as kombu's SQS transport does, the shortest form that Celery 5 in Python reads: the body as JSON
 * text inside the JSON of the message, and no header that would only say null.
 */
export function writeEnvelope(envelope: Envelope, { base64 = false }: { base64?: boolean } = {}): string {
  const message = writeJson({
    body: bodyOf(envelope, base64),
    'content-encoding': 'utf-8',
    'content-type': 'application/json',
    headers: headersOf(envelope),
    properties: propertiesOf(envelope, base64),
  });
  return base64 ? toBase64(message) : message;
}

function bodyOf({ args, kwargs, embed, compression }: Envelope, base64: boolean): string {
  const body = writeJson([args, kwargs, { ...embed }]);
  if (compression !== null) return compress(body, compression);
  return base64 ? toBase64(body) : body;
}

function headersOf(envelope: Envelope): JsonObject {
  const { timeLimit, softTimeLimit } = envelope;
  const own = withoutNulls({
    task: envelope.task,
    id: envelope.id,
    root_id: envelope.rootId,
    parent_id: envelope.parentId,
    group: envelope.group,
    group_index: envelope.groupIndex,
    retries: envelope.retries === 0 ? null : envelope.retries,
    eta: envelope.eta === null ? null : writeInstant(envelope.eta),
    expires: envelope.expires === null ? null : writeInstant(envelope.expires),
    timelimit: timeLimit === null && softTimeLimit === null ? null : [timeLimit, softTimeLimit],
    ignore_result: envelope.ignoreResult || null,
    compression: envelope.compression,
  });
  return { lang: 'js', ...envelope.headers, ...own };
}

function propertiesOf(envelope: Envelope, base64: boolean): JsonObject {
  const info = { exchange: '', routing_key: envelope.queue };
  return {
    ...envelope.properties,
    correlation_id: envelope.id,
    delivery_mode: 2,
    delivery_info: envelope.redelivered ? { ...info, redelivered: true } : info,
    priority: envelope.priority,
    body_encoding: base64 || envelope.compression !== null ? 'base64' : 'utf-8',
    delivery_tag: envelope.id,
  };
}

function withoutNulls(headers: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(headers).filter(([, value]: [string, Json]) => value !== null));
}

function toBase64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
