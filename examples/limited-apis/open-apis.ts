import type { Clock, Logger } from 'tallo';
import { startLocalCloud } from 'tallo/local';
import { tellTasks } from '../environment.ts';
import { app } from './app.ts';
import { type Api, startApi } from './start-api.ts';

export interface Apis extends AsyncDisposable {
  readonly weather: Api;
  readonly payments: Api;
  readonly support: Api;
  readonly newsletter: Api;
}

const minuteMs = 60_000;

/**
 * The APIs, and the tasks that call them. Those with a limit take a few calls more than the tasks may make: one for the burst that a
 * rate limit has, the others for calls that are longer on their way than those before them; on a fast clock every way is long.
 */
export async function openApis({
  clock,
  log,
}: {
  readonly clock: Clock;
  readonly log: Logger;
}): Promise<Apis> {
  await using starting = new AsyncDisposableStack();
  const now = () => clock.now();
  const weather = starting.use(await startApi({ limit: 12, perMs: minuteMs, now }));
  const payments = starting.use(await startApi({ limit: 105, perMs: 60 * minuteMs, now }));
  const support = starting.use(await startApi({ answerMs: 100, now }));
  const newsletter = starting.use(await startApi({ answerMs: 100, now }));
  const settings = {
    WEATHER_API: weather.url,
    PAYMENT_API: payments.url,
    SUPPORT_API: support.url,
    NEWSLETTER_API: newsletter.url,
  };
  starting.defer(tellTasks(settings));
  starting.use(await startLocalCloud(app, { clock, log }));
  const running = starting.move();
  return { weather, payments, support, newsletter, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
