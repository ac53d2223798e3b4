// Scenario A3, the jobs of an online store that nobody calls: beat does.
//
// - Every day at 08:00 in Mexico City the manager gets the sales of the day before, as CSV attached to an e-mail.
// - Every two hours the owners of carts that nobody has touched for 7 days are reminded; two hours later the cart goes.
// - Every 300 seconds statistics are taken.
//
// To see three hours of it in some seconds: node --conditions=tallo-source examples/store-jobs/run.ts
import { crontab, Tallo } from 'tallo';
import * as z from 'zod';
import { isTemporaryRefusal } from '../campaign/mailer.ts';
import { timeOf } from '../time-of.ts';
import { remind, sweepCarts } from './carts.ts';
import { mailSalesReport } from './sales-report.ts';
import { takeStatistics } from './statistics.ts';

export const timezone = 'America/Mexico_City';

export const app = new Tallo('store-jobs', {
  timezone,
  queues: { default: { timeLimit: '10m' }, emails: { timeLimit: '10m', concurrency: 5 } },
});

/** Letters are sent again for an hour or so if the mail server says "later" or is away. */
const letters = {
  bind: true,
  queue: 'emails',
  autoretryFor: [isTemporaryRefusal],
  retryBackoff: 60,
  maxRetries: 5,
} as const;

const salesReport = app.task('sales.report', letters, async (self) =>
  mailSalesReport(self, { now: await timeOf(app), timezone }),
);

const remindOwner = app.task('carts.remind', { ...letters, args: z.tuple([z.int()]) }, async (self, cart) =>
  remind(self, cart, await timeOf(app)),
);

const sweep = app.task('carts.sweep', { bind: true }, async (self) => {
  const { removed, abandoned } = sweepCarts(await timeOf(app));
  await Promise.all(abandoned.map((cart) => remindOwner.delay(cart)));
  self.log.info('carts swept', { removed, abandoned });
  return { removed, abandoned };
});

const statistics = app.task('statistics.take', { bind: true }, async (self) =>
  takeStatistics(self.request.id, await timeOf(app)),
);

app.beat({
  'daily-sales-report': { task: salesReport, schedule: crontab({ hour: 8, minute: 0 }) },
  'abandoned-carts': { task: sweep, schedule: crontab({ hour: '*/2', minute: 0 }) },
  statistics: { task: statistics, schedule: 300 },
});
