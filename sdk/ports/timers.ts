import type { OutgoingMessage } from './queues.ts';

/** A message to be sent once, later. */
export interface Timer {
  /** Its name: 1 to 64 letters, digits, `-`, `_` or `.`. */
  readonly id: string;
  /** When to send, epoch milliseconds; the cloud's timers are up to a minute late and never early. */
  readonly at: number;
  readonly queueName: string;
  readonly message: Pick<OutgoingMessage, 'body'>;
}

/** One-time timers, as EventBridge Scheduler offers them. A timer that has fired is gone. */
export interface Timers {
  /** Answers false, and changes nothing, if there is a timer of that name. */
  set(timer: Timer): Promise<boolean>;
  /** The timer of that name, as it was set; `at` to the second. */
  find(id: string): Promise<Timer | undefined>;
  /** Answers false if there was no such timer (never set, fired, or cancelled before). */
  cancel(id: string): Promise<boolean>;
}
