import { crontab } from './crontab.ts';
import { interval } from './interval.ts';
import { once } from './once.ts';
import type { Schedule, ScheduleJson } from './schedule.ts';

/** Reads what `toJSON` of a schedule wrote. The library for the sun is loaded only if it is needed. */
export async function readSchedule(json: ScheduleJson): Promise<Schedule> {
  if ('crontab' in json) return crontab(json.crontab);
  if ('every' in json) return interval(json.every);
  if ('at' in json) return once(new Date(json.at));
  const { readSolar } = await import('../solar/solar.ts');
  return readSolar(json.solar);
}
