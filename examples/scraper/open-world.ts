import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Logger } from 'tallo';
import { startLocalCloud } from 'tallo/local';
import { tellTasks } from '../environment.ts';
import type { WebServer } from '../web/serve.ts';
import { app } from './app.ts';
import { startDashboard } from './dashboard.ts';
import { type Site, startSite } from './sites.ts';
import { closeVisits } from './visits.ts';

export interface WorldOptions {
  /** Where the database lies. What is there from the last time is removed. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface World extends AsyncDisposable {
  readonly news: Site;
  /** Its page `/soup` is refused twice before it is there, its page `/secret` always. */
  readonly cooking: Site;
  /** Every page takes a while; it has a queue of its own. */
  readonly museum: Site;
  readonly dashboard: WebServer;
}

/** Three sites, the scraper that reads them, and the page that shows how far it is. */
export async function openWorld({ folder, clock, log }: WorldOptions): Promise<World> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await using starting = new AsyncDisposableStack();
  const now = () => clock.now();
  const news = starting.use(await startSite({ name: 'News', now }));
  const troubles = { '/soup': 2, '/secret': Number.POSITIVE_INFINITY };
  const cooking = starting.use(await startSite({ name: 'Cooking', troubles, now }));
  const museum = starting.use(await startSite({ name: 'Museum', answerMs: 300, now }));
  const slow = new URL(museum.url).host;
  starting.defer(tellTasks({ SCRAPER_DATABASE: join(folder, 'visits.db'), SLOW_SITES: slow }));
  starting.defer(closeVisits);
  const dashboard = starting.use(await startDashboard());
  starting.use(await startLocalCloud(app, { clock, log }));
  const running = starting.move();
  return { news, cooking, museum, dashboard, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
