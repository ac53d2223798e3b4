import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { loadDependency } from '../dependency.ts';
import { answer, readBody } from './json-protocol.ts';
import { createTimeToLive } from './time-to-live.ts';

/** DynamoDB in process, served by dynalite (Apache-2.0). Rows live in memory, so there is nothing to stop. */
export interface DynamoDb {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

export async function openDynamoDb(): Promise<DynamoDb> {
  const { default: dynalite } = await loadDependency(
    { name: 'dynalite', purpose: 'the local cloud', install: 'fauxqs dynalite' },
    () => import('dynalite'),
  );
  // An HTTP server that never listens: it is handed requests.
  const server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  const timeToLive = createTimeToLive();
  return {
    async handle(request, response) {
      const { method, url, headers } = request;
      const body = await readBody(request);
      const ownAnswer = timeToLive.answerTo(String(headers['x-amz-target']).split('.')[1] ?? '', body);
      if (ownAnswer) {
        answer(response, ownAnswer);
        return;
      }
      // Dynalite throws, and ends the process, when a client hangs up while it reads: it gets bodies that are complete.
      server.emit('request', Object.assign(Readable.from([body]), { method, url, headers }), response);
    },
  };
}
