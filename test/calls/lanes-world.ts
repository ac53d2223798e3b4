import { type AppOptions, type QueueOptions, Tallo } from 'tallo';
import { type MemoryCloud, memoryCloud } from 'tallo/testing';

/** An app of one queue. */
export function world(queue: QueueOptions, options: AppOptions = {}) {
  const app = new Tallo('lanes', { queues: { default: queue }, ...options });
  const cloud = memoryCloud(app);
  return { app, cloud, [Symbol.asyncDispose]: () => cloud.stop() };
}

/** The queue that each message is sent to, by the name of its task. */
export function sentBy(cloud: MemoryCloud): [task: string, queue: string][] {
  const sent: [string, string][] = [];
  const send = cloud.queues.send.bind(cloud.queues);
  cloud.queues.send = (queue, messages) => {
    for (const { body } of messages) sent.push([JSON.parse(body).headers.task, queue]);
    return send(queue, messages);
  };
  return sent;
}

/** A message as Celery in Python writes it. */
export function fromPython(task: string, { priority = 0, id = 'from-python' } = {}): string {
  return JSON.stringify({
    body: JSON.stringify([[], {}, {}]),
    'content-type': 'application/json',
    headers: { lang: 'py', task, id, root_id: id },
    properties: { priority, delivery_info: { routing_key: 'default' } },
  });
}
