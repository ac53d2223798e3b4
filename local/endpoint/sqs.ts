import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../sdk/ports/clock.ts';
import { loadDependency } from '../dependency.ts';
import { isObject } from './json-protocol.ts';
import { allowAllOfUnicode } from './repair-fauxqs.ts';
import { returnUndelivered } from './return-undelivered.ts';
import { type SendScheduled, sendParameters } from './scheduler/targets/scheduled-message.ts';
import { TargetError } from './scheduler/targets/target-error.ts';
import { storeOnClock } from './sqs-clock/store-on-clock.ts';

/** SQS in process, served by fauxqs (MIT). */
export interface Sqs {
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Sends as the scheduler does. */
  readonly send: SendScheduled;
  /** Ends open long polls. */
  stop(): Promise<void>;
}

type Fauxqs = typeof import('fauxqs');
type App = ReturnType<Fauxqs['buildApp']>;
type Stores = NonNullable<NonNullable<Parameters<Fauxqs['buildApp']>[0]>['stores']>;

/** On a clock of its own if one is given, else on the machine's. */
export async function openSqs(clock: Clock | undefined): Promise<Sqs> {
  const { buildApp } = await loadDependency(
    { name: 'fauxqs', purpose: 'the local cloud', install: 'fauxqs dynalite' },
    () => import('fauxqs'),
  );
  await allowAllOfUnicode();
  const store = clock && (await storeOnClock(clock));
  // Its other services, which nobody here asks for, make stores of their own when they are given none.
  const stores = store && ({ sqsStore: store.sqsStore } as unknown as Stores);
  const app = buildApp({ logger: false, ...(stores && { stores }) });
  returnUndelivered(app);
  await app.ready();
  return {
    handle: (request, response) => app.routing(request, response),
    send: (message) => send(app, message),
    stop: async () => {
      store?.stop();
      await app.close();
    },
  };
}

async function send(app: App, message: Parameters<SendScheduled>[0]): Promise<void> {
  const [, , , region, account, name] = message.queueArn.split(':');
  const QueueUrl = `http://sqs.${region}.localhost/${account}/${name}`;
  const { statusCode, body } = await app.inject({
    method: 'POST',
    url: '/',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' },
    payload: JSON.stringify({ QueueUrl, ...sendParameters(message) }),
  });
  if (statusCode !== 200) throw refusal(statusCode, JSON.parse(body));
}

function refusal(status: number, answer: unknown): TargetError {
  const { __type: type, message } = isObject(answer) ? answer : {};
  const code = String(type).split('#').at(-1) ?? '';
  return new TargetError(code, String(message), status < 500);
}
