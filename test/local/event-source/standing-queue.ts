import type {
  Answer,
  OutgoingMessage,
  Queues,
  ReceivedMessage,
  ReceiveOptions,
} from '../../../sdk/ports/queues.ts';
import { settled, type VirtualClock } from './virtual-clock.ts';

interface Stored {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  receives: number;
  visibleAt: number;
}

export interface Request {
  readonly action: 'receive' | 'delete' | 'delay';
  readonly at: number;
  /** `max` of a receive, entries of the others. */
  readonly count: number;
  readonly waitSeconds?: number;
}

/** One queue as SQS keeps it, on a clock that tests move, with its requests counted and its faults at hand. */
export class StandingQueue implements Queues {
  readonly requests: Request[] = [];
  /** What stays after a message was deleted: its id. */
  readonly deleted: string[] = [];
  /** Receives fail with it while it is set. */
  fault: Error | undefined;
  /** Takes the place of the answer to each entry of a delete. */
  onDelete: (id: string) => Answer = () => ({ ok: true });
  readonly #clock: VirtualClock;
  readonly #visibility: number;
  readonly #messages = new Map<string, Stored>();
  #sent = new AbortController();

  constructor(clock: VirtualClock, visibilitySeconds: number) {
    this.#clock = clock;
    this.#visibility = visibilitySeconds * 1_000;
  }

  /** Ids of the messages that a poll would get now. */
  get visible(): readonly string[] {
    return this.#visibleNow().map(({ id }) => id);
  }

  /** Ids of all messages that were not deleted. */
  get stored(): readonly string[] {
    return [...this.#messages.keys()];
  }

  of(action: Request['action']): readonly Request[] {
    return this.requests.filter((request) => request.action === action);
  }

  async send(_queueName: string, messages: readonly OutgoingMessage[]): Promise<readonly Answer[]> {
    for (const { body } of messages) {
      const id = `message-${this.#messages.size + this.deleted.length + 1}`;
      this.#messages.set(id, {
        id,
        body,
        sentAt: this.#clock.now(),
        receives: 0,
        visibleAt: this.#clock.now(),
      });
    }
    this.#sent.abort();
    this.#sent = new AbortController();
    await settled();
    return messages.map(() => ({ ok: true }));
  }

  async receive(_queueName: string, options: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    const { max, waitSeconds, signal } = options;
    this.requests.push({ action: 'receive', at: this.#clock.now(), count: max, waitSeconds });
    const deadline = this.#clock.now() + waitSeconds * 1_000;
    for (;;) {
      signal?.throwIfAborted();
      if (this.fault) throw this.fault;
      const found = this.#visibleNow().slice(0, max);
      if (found.length > 0 || this.#clock.now() >= deadline) return found.map((one) => this.#deliver(one));
      const soonest = Math.min(deadline, ...[...this.#messages.values()].map(({ visibleAt }) => visibleAt));
      const woken = AbortSignal.any(signal ? [signal, this.#sent.signal] : [this.#sent.signal]);
      await this.#clock.sleep(soonest - this.#clock.now(), woken).catch(() => {});
    }
  }

  async delete(_queueName: string, handles: readonly string[]): Promise<readonly Answer[]> {
    this.requests.push({ action: 'delete', at: this.#clock.now(), count: handles.length });
    return handles.map((handle) => {
      const id = idOf(handle);
      const answer = this.onDelete(id);
      if (answer.ok && this.#messages.delete(id)) this.deleted.push(id);
      return answer;
    });
  }

  async delay(_queueName: string, handles: readonly string[], seconds: number): Promise<readonly Answer[]> {
    this.requests.push({ action: 'delay', at: this.#clock.now(), count: handles.length });
    return handles.map((handle) => {
      const message = this.#messages.get(idOf(handle));
      if (message) message.visibleAt = this.#clock.now() + seconds * 1_000;
      return { ok: true };
    });
  }

  #visibleNow(): readonly Stored[] {
    return [...this.#messages.values()].filter(({ visibleAt }) => visibleAt <= this.#clock.now());
  }

  #deliver(message: Stored): ReceivedMessage {
    message.receives += 1;
    message.visibleAt = this.#clock.now() + this.#visibility;
    const { id, body, receives, sentAt } = message;
    return { messageId: id, handle: `${id}#${receives}`, body, attributes: {}, receives, sentAt };
  }
}

function idOf(handle: string): string {
  return handle.slice(0, handle.indexOf('#'));
}
