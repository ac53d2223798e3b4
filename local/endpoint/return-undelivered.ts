import { setImmediate } from 'node:timers/promises';
import type { buildApp } from 'fauxqs';
import { isObject } from './json-protocol.ts';

type App = ReturnType<typeof buildApp>;

/**
 * Makes messages visible again that were handed to a receiver who had hung up during its long poll. SQS notices that;
 * fauxqs would hide them until the visibility timeout, so that every stopped worker would hold back the next message.
 */
export function returnUndelivered(app: App): void {
  app.addHook('onSend', async (request, _reply, payload) => {
    const wasReceived = request.headers['x-amz-target'] === 'AmazonSQS.ReceiveMessage';
    if (!wasReceived || typeof payload !== 'string' || !isObject(request.body)) return;
    const handles = receiptHandles(JSON.parse(payload));
    if (handles.length === 0) return;
    // Whoever has hung up before the message was sent may be known to have done so a moment after it, on another connection.
    await setImmediate();
    if (!request.raw.socket.destroyed) return;
    const entries = handles.map((ReceiptHandle, index) => ({
      Id: String(index),
      ReceiptHandle,
      VisibilityTimeout: 0,
    }));
    await app.inject({
      method: 'POST',
      url: '/',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'AmazonSQS.ChangeMessageVisibilityBatch',
      },
      payload: JSON.stringify({ QueueUrl: request.body.QueueUrl, Entries: entries }),
    });
  });
}

function receiptHandles(answer: unknown): readonly unknown[] {
  if (!isObject(answer) || !Array.isArray(answer.Messages)) return [];
  return answer.Messages.filter(isObject).map(({ ReceiptHandle }) => ReceiptHandle);
}
