import type { ScheduleTopology } from '../app/topology.ts';
import { readSchedule } from '../schedule/read-schedule.ts';
import type { Schedule } from '../schedule/schedule.ts';
import type { SignatureJson } from '../wire/signature.ts';
import type { MissedPolicy } from './beat-entry.ts';
import { readInput } from './definition.ts';

/** An entry of beat as it is in the cloud. */
export interface KnownEntry {
  readonly name: string;
  /** false: it is paused. */
  readonly enabled: boolean;
  /** The task's name; that of a workflow is Celery's, such as `celery.chain`. */
  readonly task: string;
  readonly schedule: Schedule;
  /** IANA name: whose clocks the schedule means. */
  readonly timezone: string;
  readonly missed: MissedPolicy;
  /** Whether it stands in the app's code; otherwise it was made at run time. */
  readonly isFromCode: boolean;
  /** What it starts, with arguments and options. Undefined of one from the code, where they are. */
  readonly signature: SignatureJson | undefined;
}

/** @throws ConfigurationError if beat did not make the schedule */
export async function readKnownEntry({ isEnabled, input }: ScheduleTopology): Promise<KnownEntry> {
  const { name, definition } = readInput(input);
  const { task, schedule, timezone, missed } = definition;
  const isFromCode = typeof task === 'string';
  return {
    name,
    enabled: isEnabled,
    task: isFromCode ? task : task.task,
    schedule: await readSchedule(schedule),
    timezone,
    missed,
    isFromCode,
    signature: isFromCode ? undefined : task,
  };
}
