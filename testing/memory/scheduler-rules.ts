import type { ScheduleTopology } from '../../sdk/app/topology.ts';
import type { Timer } from '../../sdk/ports/timers.ts';
import { byteLength } from '../../sdk/wire/size.ts';

/** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html (256 KB) */
const maxInputBytes = 262_144;

/**
 * @throws Error with Scheduler's own code, if it would not take that name or that much.
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
 */
export function checkTimer({ id, message }: Timer): void {
  check(id, message.body);
}

/** The same of a schedule of beat. */
export function checkSchedule({ name, input }: ScheduleTopology): void {
  check(name, input);
}

function check(name: string, input: string): void {
  if (!/^[0-9A-Za-z._-]{1,64}$/.test(name))
    throw new Error(
      `ValidationException: expected a name of 1 to 64 letters, digits, '-', '_' or '.', got '${name}'.`,
    );
  const size = byteLength(input);
  if (size === 0 || size > maxInputBytes)
    throw new Error(`ValidationException: expected an input of 1 to ${maxInputBytes} bytes, got ${size}.`);
}
