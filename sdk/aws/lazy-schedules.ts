import type { Schedules } from '../ports/schedules.ts';
import type { AwsOptions } from './aws-cloud.ts';
import { connectionTo } from './connection.ts';
import { Lazy } from './lazy.ts';
import type { LazyTimersParts } from './lazy-timers.ts';

/** Schedules whose client is loaded when the first one is asked for: workers and most callers need none. */
export function lazySchedules(
  parts: Pick<LazyTimersParts, 'options' | 'requestHandler'>,
): Schedules & { close(): Promise<void> } {
  const opened = new Lazy(() => open(parts));
  const schedules = async () => (await opened.get()).schedules;
  return {
    create: async (schedule) => (await schedules()).create(schedule),
    update: async (schedule) => (await schedules()).update(schedule),
    get: async (name) => (await schedules()).get(name),
    async *list() {
      yield* (await schedules()).list();
    },
    delete: async (name) => (await schedules()).delete(name),
    // What could not be opened need not be closed.
    close: async () => (await opened.peek()?.catch(() => undefined))?.client.destroy(),
  };
}

async function open({ options, requestHandler }: Pick<LazyTimersParts, 'options' | 'requestHandler'>) {
  const connection = connectionTo('SCHEDULER', options);
  const [{ SchedulerClient }, { schedulerSchedules }] = await Promise.all([
    import('@aws-sdk/client-scheduler'),
    import('./scheduler-schedules.ts'),
  ]);
  const client = new SchedulerClient({ ...connection, requestHandler });
  return { client, schedules: schedulerSchedules({ ...namesOf(options), client }) };
}

function namesOf({ scheduleGroup: groupName = 'default', schedulerRoleArn: roleArn, ...names }: AwsOptions) {
  return { groupName, roleArn, functionName: names.beatFunctionName ?? `${groupName}-beat` };
}
