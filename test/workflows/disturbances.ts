import type { OutgoingMessage } from 'tallo';
import type { MemoryCloud } from 'tallo/testing';
import { seededChance } from '../../testing/memory/seeded-chance.ts';

// Ways in which the world delivers messages more often than once. Each of them befalls one message, by its position among all that
// are sent.

type Disturb = (cloud: MemoryCloud) => void;

/** The same call in a message of its own, while the first one is under way. */
export function copiedAtOnce(position: number): Disturb {
  return (cloud) => watch(cloud, position, { onSent: (message, add) => add(message) });
}

/** The same, as soon as the first one has been acknowledged. */
export function copiedInTurn(position: number): Disturb {
  return (cloud) => {
    let sent: OutgoingMessage | undefined;
    watch(cloud, position, {
      onSent(message) {
        sent = message;
      },
      onAcknowledged(add) {
        if (sent) add(sent);
        sent = undefined;
        return true;
      },
    });
  };
}

/** The same, when the workflow has long come to its end. */
export function copiedLater(position: number): Disturb {
  return (cloud) =>
    watch(cloud, position, { onSent: (message, add) => add({ ...message, delaySeconds: 900 }) });
}

/** The same message once more, since its acknowledgement was lost. */
export function redelivered(position: number): Disturb {
  return (cloud) => {
    let isLost = false;
    watch(cloud, position, {
      onAcknowledged() {
        const isFirst = !isLost;
        isLost = true;
        return !isFirst;
      },
    });
  };
}

/** The same message once more, while it is being dealt with. */
export function redeliveredMeanwhile(position: number): Disturb {
  return (cloud) => {
    let isDone = false;
    watch(cloud, position, {
      onTaken(hide) {
        if (!isDone) hide(0);
        isDone = true;
      },
    });
  };
}

interface Events {
  onSent?(message: OutgoingMessage, add: (message: OutgoingMessage) => void): void;
  onTaken?(hide: (seconds: number) => void): void;
  /** Answers whether the acknowledgement arrives. */
  onAcknowledged?(add: (message: OutgoingMessage) => void): boolean;
}

function watch(cloud: MemoryCloud, position: number, events: Events): void {
  const queue = cloud.queues.named('conformance-default');
  const [add, take, remove] = [queue.add.bind(queue), queue.take.bind(queue), queue.delete.bind(queue)];
  const handles = new Set<string>();
  let sent = 0;
  let body: string | undefined;
  queue.add = (message) => {
    add(message);
    sent += 1;
    if (sent !== position + 1) return;
    body = message.body;
    events.onSent?.(message, add);
  };
  queue.take = (max) => {
    const taken = take(max);
    for (const { handle } of taken.filter((message) => message.body === body)) {
      handles.add(handle);
      events.onTaken?.((seconds) => queue.hide(handle, seconds));
    }
    return taken;
  };
  queue.delete = (handle) => {
    if (!handles.has(handle) || (events.onAcknowledged?.(add) ?? true)) remove(handle);
  };
}

/** Every request of the workers takes its time, another one each time, so that they overtake each other. */
export function slowedDown(seed: number): Disturb {
  return ({ table, queues, clock }) => {
    const chance = seededChance(seed);
    const slow = <A extends readonly unknown[], R>(request: (...args: A) => Promise<R>) => {
      return async (...args: A): Promise<R> => {
        await clock.sleep(chance.random() * 300);
        const answer = await request(...args);
        await clock.sleep(chance.random() * 300);
        return answer;
      };
    };
    table.read = slow(table.read.bind(table));
    table.put = slow(table.put.bind(table));
    table.putAll = slow(table.putAll.bind(table));
    table.change = slow(table.change.bind(table));
    queues.send = slow(queues.send.bind(queues));
  };
}
