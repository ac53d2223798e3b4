// Scenario A12, limits: how often somebody else's API may be called, and how many tasks run at once.
//
// - The weather service takes few calls: `10/m`, over all workers together.
// - The bank wants no more than `100/h`.
// - Urgent tasks run ten at a time, the others two at a time, each in a queue of their own.
//
// A task that would be too early waits in its queue, not in a worker, and no retries are used up.
//
// To see it: node --conditions=tallo-source examples/limited-apis/run.ts
import { Tallo, type TaskContext } from 'tallo';
import * as z from 'zod';
import { setting } from '../environment.ts';
import { timeOf } from '../time-of.ts';

export const app = new Tallo('limited-apis', {
  queues: {
    default: { timeLimit: '10m' },
    // One task per batch, so that as many batches at once are as many tasks.
    urgent: { concurrency: 10, batchSize: 1 },
    'non-urgent': { concurrency: 2, batchSize: 1 },
  },
  routes: { 'support.*': 'urgent', 'newsletter.*': 'non-urgent' },
});

const text = z.tuple([z.string()]);

export const fetchWeather = app.task(
  'weather.fetch',
  { bind: true, args: text, rateLimit: '10/m' },
  (self, city) => ask(self, `${setting('WEATHER_API')}/weather/${encodeURIComponent(city)}`),
);

export const charge = app.task(
  'payments.charge',
  { bind: true, args: text, rateLimit: '100/h' },
  (self, order) => ask(self, `${setting('PAYMENT_API')}/charges/${encodeURIComponent(order)}`),
);

export const answerCustomer = app.task('support.answer', { bind: true, args: text }, (self, ticket) =>
  ask(self, `${setting('SUPPORT_API')}/tickets/${encodeURIComponent(ticket)}`),
);

export const renderNewsletter = app.task('newsletter.render', { bind: true, args: text }, (self, reader) =>
  ask(self, `${setting('NEWSLETTER_API')}/readers/${encodeURIComponent(reader)}`),
);

/** Calls an API, and returns when that began, by the app's clock. */
async function ask(self: TaskContext, address: string): Promise<number> {
  const began = await timeOf(app);
  const answer = await fetch(address, { signal: self.signal });
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  self.log.info('asked', { answer: await answer.json() });
  return began.getTime();
}
