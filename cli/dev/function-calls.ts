import type { ChildProcess } from 'node:child_process';
import { errorMessage } from '../../sdk/errors/describe-error.ts';

type ScheduledFunction = (event: unknown) => Promise<unknown>;

/** A call of a function that lives in the worker's process, while the schedules that call it live in that of `tallo dev`. */
interface FunctionCall {
  readonly call: number;
  readonly name: string;
  readonly event: unknown;
}

/** How it ended; `failure` says why it failed. */
interface FunctionEnd {
  readonly called: number;
  readonly failure?: string;
}

/** The calls that a worker serves. */
export interface ServedCalls {
  /** Waits for all that are under way. */
  end(): Promise<void>;
}

/** In the worker: runs what `tallo dev` calls. */
export function serveFunctionCalls(functions: Readonly<Record<string, ScheduledFunction>>): ServedCalls {
  const running = new Set<Promise<void>>();
  process.on('message', (message) => {
    if (!isCall(message)) return;
    const serving = serve(message, functions[message.name]).finally(() => running.delete(serving));
    running.add(serving);
  });
  return {
    end: async () => {
      await Promise.all(running);
    },
  };
}

async function serve({ call, name, event }: FunctionCall, run: ScheduledFunction | undefined): Promise<void> {
  try {
    if (!run) throw new Error(`There is no function ${name} here.`);
    await run(event);
    answer({ called: call });
  } catch (error) {
    answer({ called: call, failure: textOf(error) });
  }
}

/** When `tallo dev` is gone nobody is told; without a callback that would be an error of the process. */
function answer(end: FunctionEnd): void {
  process.send?.(end, undefined, undefined, () => undefined);
}

/** In `tallo dev`: calls functions of that worker. A call fails when its worker ends before it. */
export function functionsOf(child: ChildProcess): (name: string, event: unknown) => Promise<void> {
  const waiting = new Map<number, { resolve(): void; reject(error: Error): void }>();
  let calls = 0;
  child.on('message', (message) => {
    if (!isEnd(message)) return;
    const { called, failure } = message;
    if (failure === undefined) waiting.get(called)?.resolve();
    else waiting.get(called)?.reject(new Error(failure));
    waiting.delete(called);
  });
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('The worker has ended.'));
    waiting.clear();
  });
  return (name, event) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    calls += 1;
    const message: FunctionCall = { call: calls, name, event };
    waiting.set(message.call, { resolve, reject });
    // Between two workers there is nobody to call: the scheduler tries again.
    child.send(message, (error) => {
      if (!error) return;
      waiting.delete(message.call);
      reject(new Error('The worker is not there.', { cause: error }));
    });
    return promise;
  };
}

function isCall(message: unknown): message is FunctionCall {
  return typeof message === 'object' && message !== null && 'call' in message && 'name' in message;
}

function isEnd(message: unknown): message is FunctionEnd {
  return typeof message === 'object' && message !== null && 'called' in message;
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${errorMessage(error)}` : String(error);
}
