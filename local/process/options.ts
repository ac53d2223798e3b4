import type { Logger } from '../../sdk/log/logger.ts';
import type { EventSourceOptions } from '../event-source/options.ts';

/** Told of each task that begins and ends. */
export interface Occupation {
  begin(): void;
  end(): void;
}

/** What a process source connects: a queue with all its lanes, and a handler. */
export interface ProcessSourceOptions extends EventSourceOptions {
  readonly log: Pick<Logger, 'info' | 'warn'>;
  readonly occupation?: Occupation;
}
