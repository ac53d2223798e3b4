// A few minutes of scraping in some seconds. Open the page that it names meanwhile.
import { join } from 'node:path';
import { acceleratedClock } from 'tallo/local';
import { narrate } from '../narrate.ts';
import { scrapePage } from './app.ts';
import { openWorld } from './open-world.ts';
import { priorities } from './priorities.ts';
import { statistics } from './statistics.ts';

const clock = acceleratedClock({ speed: 30 });
const folder = join(import.meta.dirname, '..', 'output', 'scraper');
await using world = await openWorld({ folder, clock, log: narrate({ now: () => clock.now() }) });
const { news, cooking, museum, dashboard } = world;
console.log(`Live statistics: ${dashboard.url}\n`);

const pages = (site: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${site}/page-${index + 1}`);
const scrape = (address: string, priority: number) => scrapePage.applyAsync([address], { priority });
const low = pages(news.url, 20).map((address) => scrape(address, priorities.low));
const normal = pages(museum.url, 8).map((address) => scrape(address, priorities.normal));
const urgent = pages(cooking.url, 2).map((address) => scrape(address, priorities.urgent));
const troubled = [`${cooking.url}/soup`, `${cooking.url}/secret`].map((address) =>
  scrape(address, priorities.urgent),
);
const results = await Promise.all([...low, ...normal, ...urgent, ...troubled]);
await Promise.all(results.map((result) => result.get({ timeout: '1h', propagate: false })));

console.log('\nStatistics:', JSON.stringify(statistics(), null, 2));
