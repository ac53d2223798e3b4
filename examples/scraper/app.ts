// Scenario B3, a web scraper with priorities.
//
// - Each call says how urgent it is; urgent, normal and low addresses wait in lanes of their own, so that no heap of low ones is
//   in an urgent one's way.
// - Addresses of slow sites go to a queue of their own: routing by domain.
// - No domain is asked more than ten times per minute, over all workers together.
// - A failed address goes down one priority and is tried again a minute later.
// - A page shows the statistics live: see dashboard.ts.
//
// To see it: node --conditions=tallo-source examples/scraper/run.ts
import { Tallo } from 'tallo';
import * as z from 'zod';
import { timeOf } from '../time-of.ts';
import { scrape } from './scrape.ts';

export const app = new Tallo('scraper', {
  queues: {
    pages: { lanes: 3, concurrency: 12, timeLimit: '10m' },
    'slow-pages': { lanes: 3, concurrency: 6, timeLimit: '10m' },
  },
  defaultQueue: 'pages',
  routes: (_task, [address]) => (slowSites().includes(hostOf(String(address))) ? 'slow-pages' : undefined),
});

export const scrapePage = app.task(
  'pages.scrape',
  {
    bind: true,
    args: z.tuple([z.url()]),
    maxRetries: 3,
    rateLimit: { limit: 10, per: '1m', key: hostOf },
  },
  async (self, address) => scrape(self, address, await timeOf(app)),
);

function hostOf(address: string): string {
  return new URL(address).host;
}

/** The hosts that `SLOW_SITES` names, with commas between them. */
function slowSites(): readonly string[] {
  return (process.env.SLOW_SITES ?? '').split(',');
}
