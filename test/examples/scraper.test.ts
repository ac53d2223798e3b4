import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from 'tallo';
import { acceleratedClock, startLocalCloud } from 'tallo/local';
import { expect, onTestFinished, test, vi } from 'vitest';
import { app, scrapePage } from '../../examples/scraper/app.ts';
import { openWorld } from '../../examples/scraper/open-world.ts';
import { priorities } from '../../examples/scraper/priorities.ts';
import type { Site } from '../../examples/scraper/sites.ts';
import { type Statistics, statistics } from '../../examples/scraper/statistics.ts';
import { allVisits } from '../../examples/scraper/visits.ts';

const minuteMs = 60_000;

/** A slot of 6 s of a rate limit is a fifth of a real second; later than that a worker loses it, which costs time and no more. */
const speed = 30;

async function open() {
  const folder = await mkdtemp(join(tmpdir(), 'tallo-scraper-'));
  const world = await openWorld({ folder, clock: acceleratedClock({ speed }), log: silentLogger });
  onTestFinished(async () => {
    await world[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  return world;
}

const scrape = (address: string, priority: number) => scrapePage.applyAsync([address], { priority });

/** Asks for that many pages of a site. */
function scrapeAll(site: Site, count: number, priority: number) {
  return Promise.all(
    Array.from({ length: count }, (_, index) => scrape(`${site.url}/${index + 1}`, priority)),
  );
}

function visitsOf(site: Site) {
  return allVisits().filter(({ address }) => address.startsWith(`${site.url}/`));
}

/** How many of these instants lie in one minute at the most, whenever it begins. */
function mostInAMinute(instants: readonly number[]): number {
  const counts = instants.map(
    (first) => instants.filter((at) => at >= first && at < first + minuteMs).length,
  );
  return Math.max(...counts);
}

/** Reads server-sent events until one of them is as wanted, and returns all of them. */
async function readEvents(
  url: string,
  isLast: (event: Statistics) => boolean,
): Promise<readonly Statistics[]> {
  const events: Statistics[] = [];
  const answer = await fetch(`${url}/events`);
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  let text = '';
  for await (const piece of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const parts = `${text}${piece}`.split('\n\n');
    text = parts.pop() ?? '';
    events.push(...parts.map((part) => JSON.parse(part.slice('data: '.length))));
    if (events.some(isLast)) break;
  }
  return events;
}

test('no domain is asked more than ten times a minute, each for itself', { timeout: 60_000 }, async () => {
  const { news, cooking } = await open();

  const results = await Promise.all([
    scrapeAll(news, 25, priorities.normal),
    scrapeAll(cooking, 15, priorities.low),
  ]);
  const pages = await Promise.all(results.flat().map((result) => result.get({ timeout: '1h' })));

  expect(pages.map(({ title }) => title)).toEqual([
    ...Array.from({ length: 25 }, (_, index) => `News ${index + 1}`),
    ...Array.from({ length: 15 }, (_, index) => `Cooking ${index + 1}`),
  ]);
  expect(pages.every(({ links }) => links === 3)).toBe(true);
  for (const site of [news, cooking]) {
    const began = visitsOf(site).map(({ at }) => at);
    // Ten, and one for the burst that a limit has.
    expect(mostInAMinute(began)).toBeLessThanOrEqual(11);
  }
  // Together they were asked more often than one of them may be.
  expect(mostInAMinute(allVisits().map(({ at }) => at))).toBeGreaterThan(11);
});

test('a failed address goes down one priority each time, a minute later', { timeout: 60_000 }, async () => {
  const { cooking } = await open();

  const soup = await scrape(`${cooking.url}/soup`, priorities.urgent);
  const secret = await scrape(`${cooking.url}/secret`, priorities.normal);

  expect(await soup.get({ timeout: '1h' })).toEqual({ title: 'Cooking soup', links: 3 });
  await expect(secret.get({ timeout: '1h' })).rejects.toThrow(/secret answered 503/);
  const visits = (path: string) => visitsOf(cooking).filter(({ address }) => address.endsWith(path));
  expect(visits('/soup').map(({ priority, title }) => [priority, title])).toEqual([
    [priorities.urgent, null],
    [priorities.normal, null],
    [priorities.low, 'Cooking soup'],
  ]);
  expect(visits('/secret').map(({ priority }) => priority)).toEqual([
    priorities.normal,
    priorities.low,
    priorities.low,
    priorities.low,
  ]);
  const began = visits('/soup').map(({ at }) => at);
  expect((began[1] ?? 0) - (began[0] ?? 0)).toBeGreaterThanOrEqual(minuteMs);
  expect((began[2] ?? 0) - (began[1] ?? 0)).toBeGreaterThanOrEqual(minuteMs);
});

test('each priority waits in a lane of its own, and slow sites in a queue of their own', async () => {
  vi.stubEnv('SLOW_SITES', 'museum.example');
  onTestFinished(() => void vi.unstubAllEnvs());
  await using _cloud = await startLocalCloud(app, { worker: false, log: silentLogger });
  const { queues } = (await app.connection()).cloud;
  const waitingIn = async (queueName: string) => {
    const messages = await queues.receive(queueName, { max: 10, waitSeconds: 1 });
    return messages.length;
  };

  await scrape('http://news.example/1', priorities.urgent);
  await scrape('http://news.example/2', priorities.normal);
  await scrape('http://news.example/3', priorities.low);
  await scrape('http://museum.example/1', priorities.urgent);

  const lanes = ['pages-urgent', 'pages', 'pages-low', 'slow-pages-urgent'];
  expect(await Promise.all(lanes.map((lane) => waitingIn(`scraper-${lane}`)))).toEqual([1, 1, 1, 1]);
});

test('what is urgent does not wait until what is low is read', async () => {
  const { news, museum, dashboard } = await open();
  const low = [
    ...(await scrapeAll(news, 15, priorities.low)),
    ...(await scrapeAll(museum, 5, priorities.low)),
  ];

  const urgent = await scrape(`${dashboard.url}/`, priorities.urgent);

  expect(await urgent.get({ timeout: '10m' })).toMatchObject({ title: 'Scraper' });
  const endings = await Promise.all(low.map((result) => result.ready()));
  expect(endings.filter((isReady) => !isReady).length).toBeGreaterThan(10);
});

test('the page shows the statistics live', { timeout: 60_000 }, async () => {
  const { news, cooking, dashboard } = await open();
  const page = await fetch(dashboard.url);
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  expect(await page.text()).toContain("new EventSource('/events')");

  const listening = readEvents(dashboard.url, ({ read }) => read === 7);
  await scrapeAll(news, 6, priorities.normal);
  await scrape(`${cooking.url}/soup`, priorities.urgent);
  const events = await listening;

  expect(events[0]).toMatchObject({ read: 0, failed: 0 });
  expect(events.length).toBeGreaterThan(2);
  expect(events.map(({ read }) => read)).toEqual(events.map(({ read }) => read).toSorted((a, b) => a - b));
  expect(events.at(-1)).toEqual(statistics());
  expect(events.at(-1)).toEqual({
    read: 7,
    failed: 2,
    byPriority: {
      urgent: { read: 0, failed: 1 },
      normal: { read: 6, failed: 1 },
      low: { read: 1, failed: 0 },
    },
    byDomain: {
      [new URL(news.url).host]: { read: 6, failed: 0 },
      [new URL(cooking.url).host]: { read: 1, failed: 2 },
    },
  });
});
