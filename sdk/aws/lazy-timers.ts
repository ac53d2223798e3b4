import { ConfigurationError } from '../errors/index.ts';
import type { Timers } from '../ports/timers.ts';
import { type ConnectionOptions, connectionTo, isLoopback } from './connection.ts';
import { Lazy } from './lazy.ts';
import type { QueueAddresses } from './queue-addresses.ts';
import type { TimersOptions } from './scheduler-timers.ts';

export interface LazyTimersParts {
  readonly options: ConnectionOptions & { readonly timers?: TimersOptions };
  readonly addresses: QueueAddresses;
  readonly requestHandler: { readonly connectionTimeout: number; readonly requestTimeout: number };
}

/** Timers whose client is loaded when the first one is set: most calls need none, and loading is billed. */
export function lazyTimers(parts: LazyTimersParts): Timers & { close(): Promise<void> } {
  const opened = new Lazy(() => open(parts));
  return {
    set: async (timer) => (await opened.get()).timers.set(timer),
    cancel: async (id) => (await opened.get()).timers.cancel(id),
    // What could not be opened need not be closed.
    close: async () => (await opened.peek()?.catch(() => undefined))?.client.destroy(),
  };
}

async function open({ options, addresses, requestHandler }: LazyTimersParts) {
  const connection = connectionTo('SCHEDULER', options);
  const named = options.timers ?? localTimers(connection.endpoint);
  const [{ SchedulerClient }, { schedulerTimers }] = await Promise.all([
    import('@aws-sdk/client-scheduler'),
    import('./scheduler-timers.ts'),
  ]);
  const client = new SchedulerClient({ ...connection, requestHandler });
  return { client, timers: schedulerTimers({ ...named, client, addresses }) };
}

/** An emulator asks for a role and looks at none. */
function localTimers(endpoint: string | undefined): TimersOptions {
  if (endpoint !== undefined && isLoopback(endpoint)) {
    return { groupName: 'default', roleArn: 'arn:aws:iam::000000000000:role/tallo-local' };
  }
  throw new ConfigurationError(
    "Expected the option 'timers' with groupName and roleArn: a time further away than 15 minutes needs EventBridge Scheduler.",
  );
}
