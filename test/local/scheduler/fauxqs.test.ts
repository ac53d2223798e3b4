import { expect, test } from 'vitest';
import { storeOf } from '../../../local/endpoint/sqs-clock/store-on-clock.ts';

interface Given {
  readonly queue?: Readonly<Record<string, unknown>>;
  readonly message?: Readonly<Record<string, unknown>>;
}

/** The module of fauxqs where its store is, with what another version may have changed. */
function fauxqs({ queue, message }: Given = {}) {
  const method = () => undefined;
  class SqsStore {
    static createMessage(_body: string, _attributes: object, delaySeconds: number) {
      const sent = { sentTimestamp: 5_000, delayUntil: 5_000 + delaySeconds * 1_000 };
      return { ...sent, approximateReceiveCount: 0, ...message };
    }

    createQueue() {
      return {
        ...{ attributes: {}, inflightMessages: new Map(), pollWaiters: [] },
        ...{ enqueue: method, dequeue: method, deleteMessage: method },
        ...{ changeVisibility: method, processTimers: method, waitForMessages: method },
        ...queue,
      };
    }
  }
  return { SqsStore };
}

test('a store of fauxqs as we know it is taken', () => {
  const module = fauxqs();

  expect(storeOf(module)).toBeInstanceOf(module.SqsStore);
});

test.for([
  ['no file', undefined],
  ['no class', {}],
  ['other queues', { SqsStore: class {} }],
  ['no timers', fauxqs({ queue: { processTimers: undefined } })],
  ['other messages in flight', fauxqs({ queue: { inflightMessages: [] } })],
  ['no waiters', fauxqs({ queue: { pollWaiters: undefined } })],
  ['another name for the delay', fauxqs({ message: { delayUntil: undefined, visibleFrom: 6_000 } })],
  ['no count of receives', fauxqs({ message: { approximateReceiveCount: undefined } })],
] as const)('fauxqs with %s is refused with advice', ([, module]) => {
  expect(() => storeOf(module)).toThrow('Expected fauxqs 2.4');
});
