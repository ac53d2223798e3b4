// Scenario B4, reports that come by themselves: every day at 08:00, on Mondays at 09:00, on the first of the month at 10:00.
//
// Each is a chain: the first task asks the database and writes a PDF into a folder named after the time; the second one mails it.
// Only the second one is tried again, three times and an hour apart: the mail server may be down for the better part of a morning.
//
// To see it down for two hours, in some seconds: node --conditions=tallo-source examples/reports/run.ts
import { chain, crontab, Tallo } from 'tallo';
import * as z from 'zod';
import { isTemporaryRefusal } from '../campaign/mailer.ts';
import { periodKinds } from '../store/periods.ts';
import { timeOf } from '../time-of.ts';
import { mailReport } from './mail-report.ts';
import { makeReport } from './make-report.ts';

export const timezone = 'America/Mexico_City';

export const app = new Tallo('reports', {
  timezone,
  queues: { default: { timeLimit: '10m' }, emails: { timeLimit: '10m' } },
});

const make = app.task(
  'reports.make',
  { bind: true, args: z.tuple([z.enum(periodKinds)]) },
  async (self, kind) => {
    const file = await makeReport(kind, { now: await timeOf(app), timezone });
    self.log.info('report made', { file });
    return file;
  },
);

const mail = app.task(
  'reports.mail',
  {
    bind: true,
    args: z.tuple([z.string()]),
    queue: 'emails',
    autoretryFor: [isTemporaryRefusal],
    maxRetries: 3,
    defaultRetryDelay: '1h',
  },
  mailReport,
);

app.beat({
  'daily-report': { task: chain(make.s('daily'), mail.s()), schedule: crontab({ hour: 8, minute: 0 }) },
  'weekly-report': {
    task: chain(make.s('weekly'), mail.s()),
    schedule: crontab({ hour: 9, minute: 0, dayOfWeek: 'mon' }),
  },
  'monthly-report': {
    task: chain(make.s('monthly'), mail.s()),
    schedule: crontab({ hour: 10, minute: 0, dayOfMonth: 1 }),
  },
});
