import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';

/** A request, taken apart as far as a handler needs it. */
export interface Call {
  readonly request: IncomingMessage;
  readonly query: Readonly<Record<string, string>>;
  /** What the route's pattern caught. */
  readonly parameter: string;
  /** Where files go. */
  readonly folder: string;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly handle: (call: Call) => Promise<Answer>;
}

/** Thrown by handlers to answer with a status other than 500. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Finds the route, lets it handle the request, and turns whatever happens into an answer. */
export async function answer(
  request: IncomingMessage,
  routes: readonly Route[],
  folder: string,
): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const route = routes.find(({ method, pattern }) => method === request.method && pattern.test(pathname));
  if (!route) return { status: 404, body: { error: `Nothing answers ${request.method} ${pathname}.` } };
  const parameter = decodeURIComponent(route.pattern.exec(pathname)?.[1] ?? '');
  try {
    return await route.handle({ request, query: Object.fromEntries(searchParams), parameter, folder });
  } catch (error) {
    return answerTo(error);
  }
}

export function reply(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(`${JSON.stringify(body)}\n`);
}

function answerTo(error: unknown): Answer {
  if (error instanceof HttpError) return { status: error.status, body: { error: error.message } };
  if (error instanceof z.ZodError) return { status: 400, body: { error: z.prettifyError(error) } };
  return { status: 500, body: { error: error instanceof Error ? error.message : String(error) } };
}
