import type { WorkerProcess } from './worker-process.ts';

/** Keeps one worker running: never two at a time. */
export interface KeptWorker {
  /** Puts a new one in its place, once the old one has ended. Asked several times meanwhile, it does so once. */
  replace(): void;
  /** Puts a new one in the place of one that was lost, after a pause that grows as long as nothing else changes. */
  restart(): void;
  stop(): Promise<void>;
  /** Calls a function of the app in the worker that runs now. */
  call(functionName: string, event: unknown): Promise<void>;
  /** Ends it without waiting for anything. */
  kill(): void;
}

const firstPauseMs = 500;
const longestPauseMs = 10_000;

export function keepWorker(start: () => WorkerProcess): KeptWorker {
  let current = start();
  let isStopping = false;
  let isReplacing = false;
  let turn = Promise.resolve();
  let pauseMs = firstPauseMs;
  let restarting: NodeJS.Timeout | undefined;
  const replaceNow = async () => {
    await current.stop();
    // From here on a change comes too late for the new one.
    isReplacing = false;
    if (!isStopping) current = start();
  };
  const replace = () => {
    clearTimeout(restarting);
    if (isReplacing || isStopping) return;
    isReplacing = true;
    turn = turn.then(replaceNow);
  };
  return {
    replace: () => {
      pauseMs = firstPauseMs;
      replace();
    },
    restart: () => {
      restarting = setTimeout(replace, pauseMs);
      pauseMs = Math.min(2 * pauseMs, longestPauseMs);
    },
    stop: () => {
      isStopping = true;
      clearTimeout(restarting);
      turn = turn.then(() => current.stop());
      return turn;
    },
    call: (functionName, event) => current.call(functionName, event),
    kill: () => current.kill(),
  };
}
