/** What a worker tells `tallo dev` when it serves its queues. */
export interface WorkerReady {
  readonly app: string;
  readonly tasks: readonly string[];
  readonly queues: readonly string[];
  /** The entries of beat. */
  readonly beat: readonly string[];
  /** The function that their schedules call. */
  readonly beatFunctionName: string;
}

/** Tells the `tallo dev` that started this process. */
export function sendToDev(ready: WorkerReady): void {
  process.send?.({ ready });
}

/** Reads a message of the child, which is this same program; undefined if it is the app's own. */
export function readWorkerReady(message: unknown): WorkerReady | undefined {
  if (typeof message !== 'object' || message === null || !('ready' in message)) return undefined;
  return isWorkerReady(message.ready) ? message.ready : undefined;
}

function isWorkerReady(value: unknown): value is WorkerReady {
  return (
    typeof value === 'object' && value !== null && 'app' in value && 'tasks' in value && 'queues' in value
  );
}
