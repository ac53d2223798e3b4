import type { Context } from 'aws-lambda';
import { Interruption, type WatchRun } from '../../sdk/engine/time-limits.ts';

/** The context of a batch that may be handed on to another worker before its end. Lambda's own has no such thing. */
export interface InterruptibleContext extends Context {
  /** Aborts, with an Interruption as its reason, when what runs is to go on elsewhere. */
  readonly interruption: AbortSignal;
}

/** Undefined: the batch stays here until its end. */
export function interruptionOf(context: Context | InterruptibleContext | undefined): AbortSignal | undefined {
  return context && 'interruption' in context ? context.interruption : undefined;
}

/** @throws Interruption if it is too late to begin. */
export function refuseIfInterrupted(interruption: AbortSignal | undefined): void {
  if (interruption?.aborted) throw reasonOf(interruption);
}

/** Watches a run for whichever comes first. */
export function watchBoth(watch: WatchRun, interruption: AbortSignal | undefined): WatchRun {
  if (!interruption) return watch;
  return (end) => {
    const unwatch = watch(end);
    const interrupt = () => end(reasonOf(interruption));
    interruption.addEventListener('abort', interrupt, { once: true });
    if (interruption.aborted) interrupt();
    return () => {
      interruption.removeEventListener('abort', interrupt);
      unwatch();
    };
  };
}

function reasonOf({ reason }: AbortSignal): Interruption {
  return reason instanceof Interruption ? reason : new Interruption(String(reason));
}
