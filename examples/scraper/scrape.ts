import { parse } from 'node-html-parser';
import type { TaskContext } from 'tallo';
import { lowered, nameOf } from './priorities.ts';
import { addVisit } from './visits.ts';

export interface Page {
  readonly title: string;
  readonly links: number;
}

/** Reads a page. What cannot be had now is tried again a minute later, one priority lower. */
export async function scrape(self: TaskContext, address: string, now: Date): Promise<Page> {
  const { priority, routingKey: queue } = self.request.deliveryInfo;
  const visit = { address, queue, priority, at: now.getTime() };
  try {
    const page = readPage(await load(address, self.signal));
    addVisit({ ...visit, ...page });
    self.log.info('page read', { address, priority: nameOf(priority), ...page });
    return page;
  } catch (exc) {
    addVisit({ ...visit, title: null, links: 0 });
    return self.retry({ exc, priority: lowered(priority), countdown: '1m' });
  }
}

async function load(address: string, signal: AbortSignal): Promise<string> {
  const answer = await fetch(address, { signal });
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return answer.text();
}

function readPage(html: string): Page {
  const page = parse(html);
  return {
    title: page.querySelector('title')?.text.trim() ?? '',
    links: page.querySelectorAll('a[href]').length,
  };
}
