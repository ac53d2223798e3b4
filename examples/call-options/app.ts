// Scenario A6, calls with options: every way to say when, where and how insistently.
//
// - `delay`: at once.
// - `countdown`: not before 10 minutes have passed.
// - `eta`: not before that instant, two hours from now.
// - `queue` and `expires`: in a queue by its name, and not at all if an hour passes before a worker gets to it.
// - `retryPolicy`: if the queue does not take the call, it is tried again after 10, 40 and 70 seconds, then the caller is told.
//
// To see two hours of it in some seconds: node --conditions=tallo-source examples/call-options/run.ts
import { type AsyncResult, type PublishRetryPolicy, Tallo } from 'tallo';
import * as z from 'zod';
import { timeOf } from '../time-of.ts';

export const app = new Tallo('call-options', {
  queues: { default: { timeLimit: '10m' }, reports: { timeLimit: '10m' } },
});

const started = z.object({ at: z.int(), queue: z.string() });

/** Tells when it started, by the app's clock, and in which queue it came. */
export const start = app.task(
  'calls.start',
  { bind: true, args: z.tuple([z.string()]), result: started },
  async (self, how) => {
    self.log.info(`started: ${how}`);
    return { at: (await timeOf(app)).getTime(), queue: self.request.deliveryInfo.routingKey };
  },
);

export type Start = AsyncResult<z.infer<typeof started>>;

const hourMs = 60 * 60 * 1_000;

/** Pauses of 10, 40 and 70 seconds; more retries would never be more than 120 seconds apart. */
export const insistent: PublishRetryPolicy = {
  maxRetries: 3,
  intervalStart: 10,
  intervalStep: 30,
  intervalMax: 120,
};

export const calls = {
  delay: () => start.delay('delay'),
  countdown: () => start.applyAsync(['countdown'], { countdown: '10m' }),
  eta: (now: Date) => start.applyAsync(['eta'], { eta: new Date(now.getTime() + 2 * hourMs) }),
  queue: () => start.applyAsync(['queue'], { queue: 'reports', expires: 3_600 }),
  /** Nobody gets to it within the hour, since it waits for 90 minutes itself. */
  tooLate: () => start.applyAsync(['too late'], { queue: 'reports', expires: 3_600, countdown: '90m' }),
  insistent: () => start.applyAsync(['insistent'], { retryPolicy: insistent }),
} satisfies Record<string, (now: Date) => Promise<Start>>;
