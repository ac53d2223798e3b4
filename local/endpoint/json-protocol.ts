import type { IncomingMessage, ServerResponse } from 'node:http';

/** An error as AWS answers it. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly status: number;
  /** AWS's own name for it, such as `ValidationException`. */
  readonly type: string;

  constructor(status: number, type: string, message: string) {
    super(message);
    this.status = status;
    this.type = type;
  }
}

/** Reads a request's body to its end. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  // A request's stream yields buffers as long as nobody sets an encoding.
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Reads a body as a JSON object. */
export function parseObject(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString() || '{}');
    if (isObject(value)) return value;
  } catch {
    // Answered below: what is no JSON is no object either.
  }
  throw new AwsError(400, 'SerializationException', 'Expected the body to be a JSON object.');
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function answer(response: ServerResponse, body: object, contentType = 'application/x-amz-json-1.0') {
  response.writeHead(200, { 'content-type': contentType });
  response.end(JSON.stringify(body));
}

/** Answers an error in the way of both protocols: JSON 1.0 reads `__type`, REST-JSON the header. */
export function answerError(response: ServerResponse, error: AwsError) {
  response.writeHead(error.status, {
    'content-type': 'application/x-amz-json-1.0',
    'x-amzn-errortype': error.type,
  });
  // Scheduler's model says `Message`, that of the others `message`.
  response.end(JSON.stringify({ __type: error.type, message: error.message, Message: error.message }));
}
