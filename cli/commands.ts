import type { CommandModule } from './command.ts';

interface CommandEntry {
  readonly summary: string;
  /** Loaded only when the command line names the command. */
  readonly load: () => Promise<CommandModule>;
}

/** Every command, in the order in which the help lists them. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  dev: {
    summary: 'run a local cloud and a worker that follows the changes of the code',
    load: () => import('./commands/dev.ts'),
  },
  worker: {
    summary: "serve the app's queues from this process",
    load: () => import('./commands/worker.ts'),
  },
  scheduler: {
    summary: 'run EventBridge Scheduler beside LocalStack, whose own does not fire',
    load: () => import('./commands/scheduler.ts'),
  },
  call: {
    summary: 'call a task by its name',
    load: () => import('./commands/call.ts'),
  },
  result: {
    summary: 'show the state and the result of a call',
    load: () => import('./commands/result.ts'),
  },
  revoke: {
    summary: 'revoke calls, so that they never run',
    load: () => import('./commands/revoke.ts'),
  },
  schemas: {
    summary: 'check that this code can read the messages that wait',
    load: () => import('./commands/schemas.ts'),
  },
  doctor: {
    summary: "look for what is wrong in the app's configuration before it is deployed",
    load: () => import('./commands/doctor.ts'),
  },
  'celery-config': {
    summary: 'print the settings with which Celery in Python talks to this app',
    load: () => import('./commands/celery-config.ts'),
  },
};
