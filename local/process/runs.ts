import type { InterruptibleContext } from '../../functions/consumer/interruption.ts';
import { Interruption } from '../../sdk/engine/time-limits.ts';
import type { ReceivedMessage } from '../../sdk/ports/queues.ts';
import { deleteMessages, putBack } from '../event-source/acknowledge.ts';
import { lambdaContext } from '../event-source/context.ts';
import { invoke } from '../event-source/invoke.ts';
import type { Lane } from './lane.ts';
import type { ProcessSourceOptions } from './options.ts';

const nothing: readonly ReceivedMessage[] = [];

/** The messages that a process works on, each in a run of its own. */
export class Runs {
  readonly #options: Pick<ProcessSourceOptions, 'occupation'>;
  /** Interrupts all, and aborts with them. */
  readonly #all = new AbortController();
  /** Waits no longer for those that hold on after that. */
  readonly #patience = Promise.withResolvers<typeof nothing>();
  #returned = 0;

  constructor(options: Pick<ProcessSourceOptions, 'occupation'>) {
    this.#options = options;
  }

  /** How many messages were given back after an interruption. */
  get returned(): number {
    return this.#returned;
  }

  interrupt(why: Interruption): void {
    this.#all.abort(why);
  }

  giveUp(): void {
    this.#patience.resolve(nothing);
  }

  /** Runs a message to its end, or until it is to go on elsewhere. Never rejects. */
  async serve(message: ReceivedMessage, { settings, heartbeat }: Lane): Promise<void> {
    const { occupation } = this.#options;
    occupation?.begin();
    const lost = new AbortController();
    const letGo = heartbeat.hold(message, () =>
      lost.abort(new Interruption('The message is not held any more.')),
    );
    const interruption = AbortSignal.any([this.#all.signal, lost.signal]);
    const context: InterruptibleContext = { ...lambdaContext(settings), interruption };
    const answered = invoke([message], settings, context);
    const done = await Promise.race([answered, this.#patience.promise]);
    const settled = letGo();
    occupation?.end();
    if (done.length > 0) return deleteMessages(done, settings);
    if (lost.signal.aborted || !this.#all.signal.aborted) return;
    // What others are to have at once must not be hidden again by a renewal that is late.
    await settled;
    const returned = await putBack([message], settings);
    this.#returned += returned;
  }
}
