import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { serve, type WebServer } from '../web/serve.ts';

export interface MoodyEndpointOptions {
  /** Who answers in the end. */
  readonly url: string;
  /** How many sends are refused first. */
  readonly refusals: number;
  readonly now: () => number;
}

export interface MoodyEndpoint extends WebServer {
  /** When sends came, those that were refused and those that were not, epoch milliseconds. */
  readonly sends: readonly number[];
}

/** Stands before SQS and answers the first sends with 503, as SQS does when it has trouble of its own. */
export async function startMoodyEndpoint(options: MoodyEndpointOptions): Promise<MoodyEndpoint> {
  const { url, refusals, now } = options;
  const sends: number[] = [];
  const server = await serve((asked, answer) => {
    if (isSend(asked) && sends.push(now()) <= refusals) return refuse(asked, answer);
    passOn(url, asked, answer);
  });
  return { ...server, sends };
}

function isSend({ headers }: IncomingMessage): boolean {
  return headers['x-amz-target'] === 'AmazonSQS.SendMessageBatch';
}

function refuse(asked: IncomingMessage, answer: ServerResponse): void {
  asked.resume();
  answer.writeHead(503, { 'content-type': 'application/x-amz-json-1.0' });
  answer.end(JSON.stringify({ __type: 'ServiceUnavailable', message: 'Not now.' }));
}

function passOn(url: string, asked: IncomingMessage, answer: ServerResponse): void {
  const { method, headers, url: path } = asked;
  const onward = request(new URL(path ?? '/', url), { method, headers }, (answered) => {
    answer.writeHead(answered.statusCode ?? 502, answered.headers);
    answered.pipe(answer);
  });
  onward.on('error', () => answer.destroy());
  answer.on('close', () => onward.destroy());
  asked.pipe(onward);
}
