import type { Timers } from '../ports/timers.ts';
import type { AwsOptions } from './aws-cloud.ts';
import { connectionTo } from './connection.ts';
import { Lazy } from './lazy.ts';
import type { QueueAddresses } from './queue-addresses.ts';

export interface LazyTimersParts {
  readonly options: AwsOptions;
  readonly addresses: QueueAddresses;
  readonly requestHandler: { readonly connectionTimeout: number; readonly requestTimeout: number };
}

/** Timers whose client is loaded when the first one is set: most calls need none, and loading is billed. */
export function lazyTimers(parts: LazyTimersParts): Timers & { close(): Promise<void> } {
  const opened = new Lazy(() => open(parts));
  return {
    set: async (timer) => (await opened.get()).timers.set(timer),
    find: async (id) => (await opened.get()).timers.find(id),
    cancel: async (id) => (await opened.get()).timers.cancel(id),
    // What could not be opened need not be closed.
    close: async () => (await opened.peek()?.catch(() => undefined))?.client.destroy(),
  };
}

async function open({ options, addresses, requestHandler }: LazyTimersParts) {
  const connection = connectionTo('SCHEDULER', options);
  const [{ SchedulerClient }, { schedulerTimers }] = await Promise.all([
    import('@aws-sdk/client-scheduler'),
    import('./scheduler-timers.ts'),
  ]);
  const client = new SchedulerClient({ ...connection, requestHandler });
  const { scheduleGroup: groupName = 'default', schedulerRoleArn: roleArn } = options;
  return { client, timers: schedulerTimers({ groupName, roleArn, client, addresses }) };
}
