import { ConfigurationError } from '../errors/tallo-error.ts';

/**
 * Who runs the tasks of a queue: a Lambda function; containers of `tallo worker` on Fargate, from none to as many as there is work for;
 * `tallo worker` on a server of your own; or a Celery worker in Python.
 */
export type RunOn = 'lambda' | 'fargate' | 'server' | 'celery';

const known: readonly unknown[] = ['lambda', 'fargate', 'server', 'celery'] satisfies readonly RunOn[];

/** @throws ConfigurationError for anything else. */
export function readRunOn(queue: string, runOn: unknown): RunOn {
  if (isRunOn(runOn)) return runOn;
  throw new ConfigurationError(
    `Queue '${queue}': expected runOn to be 'lambda', 'fargate', 'server' or 'celery', got ${JSON.stringify(runOn)}.`,
  );
}

/** Whether a process of `tallo worker` serves the queue: no function's 15 minutes, and messages that are kept hidden while they run. */
export function isProcess(runOn: RunOn): boolean {
  return runOn === 'fargate' || runOn === 'server';
}

function isRunOn(value: unknown): value is RunOn {
  return known.includes(value);
}
