import type { ScheduleKey } from './store/schedule.ts';

/** As in all emulators. */
const account = '000000000000';

export function scheduleArn(region: string, { groupName, name }: ScheduleKey): string {
  return `arn:aws:scheduler:${region}:${account}:schedule/${groupName}/${name}`;
}

export function groupArn(region: string, name: string): string {
  return `arn:aws:scheduler:${region}:${account}:schedule-group/${name}`;
}
