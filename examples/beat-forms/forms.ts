import { crontab, type ScheduleLike } from 'tallo';

export const timezone = 'America/Argentina/Mendoza';

/** Every way in which beat can be told when. */
export const forms = {
  'every-30-seconds': '30s',
  'daily-at-2': crontab({ hour: 2, minute: 0 }),
  'mondays-at-9': crontab({ dayOfWeek: 'monday', hour: 9, minute: 0 }),
  hourly: crontab({ minute: 0 }),
  monthly: crontab({ dayOfMonth: 1, hour: 0, minute: 0 }),
  'weekdays-at-18-30': crontab({ dayOfWeek: 'mon-fri', hour: 18, minute: 30 }),
  'every-6-hours': crontab({ hour: '*/6', minute: 0 }),
} satisfies Record<string, ScheduleLike>;

export type Form = keyof typeof forms;
export const allForms = Object.keys(forms) as readonly Form[];
