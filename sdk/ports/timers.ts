import type { OutgoingMessage } from './queues.ts';

/** A message to be sent once, later. */
export interface Timer {
  /** Its name: 1 to 64 letters, digits, `-`, `_` or `.`. Setting a timer again under its name changes nothing. */
  readonly id: string;
  /** When to send, epoch milliseconds; the cloud's timers are exact to the minute and never early. */
  readonly at: number;
  readonly queueName: string;
  readonly message: Pick<OutgoingMessage, 'body'>;
}

/** One-time timers, as EventBridge Scheduler offers them. A timer that has fired is gone. */
export interface Timers {
  set(timer: Timer): Promise<void>;
  /** Answers false if there was no such timer (never set, fired, or cancelled before). */
  cancel(id: string): Promise<boolean>;
}
