import type { IncomingMessage, ServerResponse } from 'node:http';
import { loadDependency } from '../dependency.ts';
import { allowAllOfUnicode } from './repair-fauxqs.ts';
import { returnUndelivered } from './return-undelivered.ts';

/** SQS in process, served by fauxqs (MIT). */
export interface Sqs {
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Sends to a queue by its ARN, as the scheduler does. A queue that does not exist gets nothing. */
  send(queueArn: string, body: string): Promise<void>;
  /** Ends open long polls. */
  stop(): Promise<void>;
}

export async function openSqs(): Promise<Sqs> {
  const { buildApp } = await loadDependency(
    { name: 'fauxqs', purpose: 'the local cloud', install: 'fauxqs dynalite' },
    () => import('fauxqs'),
  );
  await allowAllOfUnicode();
  const app = buildApp({ logger: false });
  returnUndelivered(app);
  await app.ready();
  return {
    handle: (request, response) => app.routing(request, response),
    send: async (queueArn, MessageBody) => {
      const [, , , region, account, name] = queueArn.split(':');
      const QueueUrl = `http://sqs.${region}.localhost/${account}/${name}`;
      await app.inject({
        method: 'POST',
        url: '/',
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' },
        payload: JSON.stringify({ QueueUrl, MessageBody }),
      });
    },
    stop: () => app.close(),
  };
}
