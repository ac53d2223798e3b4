import type { Chance } from '../../sdk/ports/chance.ts';
import type { OutgoingMessage, ReceivedMessage } from '../../sdk/ports/queues.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { InAnyOrder, InOrder, type Placed, type Waiting } from './waiting.ts';

/** What a queue of the memory cloud is like. */
export interface QueueShape {
  readonly visibilitySeconds: number;
  /** Where messages go that were received so often. @default they stay */
  readonly redrive?: { readonly to: string; readonly maxReceives: number };
}

/** Faults on demand. Each is the share of messages that it befalls, 0 to 1. */
export interface QueueFaults {
  /** Delivered once more although it was, or is being, dealt with. @default 0 */
  readonly duplicates?: number;
  /** Hand messages out in any order, as standard queues may. @default true */
  readonly reorder?: boolean;
}

interface Stored extends Placed {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly sentAt: number;
  receives: number;
  /** Of its last delivery; an older one names nothing any more. */
  handle: string;
  /** Stops the alarm that makes it visible. */
  stayHidden: () => void;
}

interface Parts {
  readonly shape: QueueShape;
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly faults: QueueFaults;
}

/** One standard queue: at least once, in any order, with delays, visibility and redrive. */
export class MemoryQueue {
  /** Called with what was received too often. */
  onExhausted: ((message: OutgoingMessage) => void) | undefined;
  readonly #parts: Parts;
  readonly #visible: Waiting<Stored>;
  readonly #hidden = new Set<Stored>();
  readonly #inFlight = new Map<string, Stored>();
  readonly #listeners = new Set<() => void>();

  constructor(parts: Parts) {
    this.#parts = parts;
    const { chance, faults } = parts;
    this.#visible = (faults.reorder ?? true) ? new InAnyOrder(chance) : new InOrder();
  }

  /** How many messages it holds: visible, delayed and in flight. */
  get size(): number {
    return this.#visible.size + this.#hidden.size;
  }

  get hasVisible(): boolean {
    return this.#visible.size > 0;
  }

  add({ body, attributes = {}, delaySeconds = 0 }: OutgoingMessage): void {
    const { clock, chance, faults } = this.#parts;
    const stayHidden = () => undefined;
    const copies = chance.random() < (faults.duplicates ?? 0) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const facts = { messageId: chance.newId(), body, attributes, sentAt: clock.now() };
      this.#hideFor({ ...facts, receives: 0, handle: '', place: undefined, stayHidden }, delaySeconds);
    }
  }

  /** Receives up to that many messages: they are invisible until the visibility timeout has passed. */
  take(max: number): readonly ReceivedMessage[] {
    const taken: ReceivedMessage[] = [];
    while (taken.length < max) {
      const message = this.#visible.take();
      if (!message) break;
      this.#inFlight.delete(message.handle);
      if (!this.#isExhausted(message)) taken.push(this.#deliver(message));
    }
    return taken;
  }

  /** As SQS: a handle of an older delivery deletes nothing, and nobody is told. */
  delete(handle: string): void {
    const message = this.#inFlight.get(handle);
    if (!message) return;
    message.stayHidden();
    this.#inFlight.delete(handle);
    this.#hidden.delete(message);
    this.#visible.delete(message);
  }

  /** Answers false if no message is in flight under that handle. */
  hide(handle: string, seconds: number): boolean {
    const message = this.#inFlight.get(handle);
    if (!message || !this.#hidden.has(message)) return false;
    this.#hideFor(message, seconds);
    return true;
  }

  /** What lies in the queue, without receiving it. */
  peek(): readonly OutgoingMessage[] {
    return [...this.#visible, ...this.#hidden].map(({ body, attributes }) => ({ body, attributes }));
  }

  /** Calls back whenever messages become visible, until the function that it returns is called. */
  onVisible(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Waits for a visible message, but not longer than that. */
  async untilVisible(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const woken = new AbortController();
    const stop = this.onVisible(() => woken.abort());
    const signals = signal ? [woken.signal, signal] : [woken.signal];
    await this.#parts.clock.sleep(milliseconds, AbortSignal.any(signals)).catch(() => undefined);
    stop();
  }

  #hideFor(message: Stored, seconds: number): void {
    message.stayHidden();
    this.#hidden.add(message);
    if (seconds > 0) message.stayHidden = this.#parts.clock.after(seconds * 1_000, () => this.#show(message));
    else this.#show(message);
  }

  #show(message: Stored): void {
    this.#hidden.delete(message);
    this.#visible.add(message);
    for (const listener of this.#listeners) listener();
  }

  #deliver(message: Stored): ReceivedMessage {
    message.receives += 1;
    const { messageId, body, attributes, receives, sentAt } = message;
    const handle = `${messageId}/${receives}`;
    message.handle = handle;
    this.#inFlight.set(handle, message);
    this.#hideFor(message, this.#parts.shape.visibilitySeconds);
    return { messageId, handle, body, attributes, receives, sentAt };
  }

  #isExhausted(message: Stored): boolean {
    const { redrive } = this.#parts.shape;
    if (!redrive || !this.onExhausted || message.receives < redrive.maxReceives) return false;
    this.onExhausted({ body: message.body, attributes: message.attributes });
    return true;
  }
}
