import type { WorkerProcess } from './worker-process.ts';

/** Keeps one worker running: never two at a time. */
export interface KeptWorker {
  /** Puts a new one in its place, once the old one has ended. Asked several times meanwhile, it does so once. */
  replace(): void;
  stop(): Promise<void>;
  /** Ends it without waiting for anything. */
  kill(): void;
}

export function keepWorker(start: () => WorkerProcess): KeptWorker {
  let current = start();
  let isStopping = false;
  let isReplacing = false;
  let turn = Promise.resolve();
  const replaceNow = async () => {
    await current.stop();
    // From here on a change comes too late for the new one.
    isReplacing = false;
    if (!isStopping) current = start();
  };
  return {
    replace: () => {
      if (isReplacing) return;
      isReplacing = true;
      turn = turn.then(replaceNow);
    },
    stop: () => {
      isStopping = true;
      turn = turn.then(() => current.stop());
      return turn;
    },
    kill: () => current.kill(),
  };
}
