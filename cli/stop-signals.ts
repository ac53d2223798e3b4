import { constants } from 'node:os';

export interface StopOptions {
  /** @default SIGINT (Ctrl-C) and SIGTERM */
  readonly signals?: readonly NodeJS.Signals[];
  /** Called before a second signal ends the process. */
  readonly atOnce?: () => void;
}

/** npm passes on a Ctrl-C that the terminal has given to every process already: so soon after the first it is the same one. */
const echoMs = 500;

/** Resolves at the first signal that asks the process to stop. A second one ends the process at once, as the signal would. */
export function askedToStop({ signals = ['SIGINT', 'SIGTERM'], atOnce }: StopOptions = {}): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let firstAt: number | undefined;
  const hear = (signal: NodeJS.Signals) => {
    const now = performance.now();
    firstAt ??= now;
    resolve();
    if (now - firstAt < echoMs) return;
    atOnce?.();
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of signals) process.on(signal, hear);
  return promise;
}
