import { setTimeout as sleep } from 'node:timers/promises';
import { serve, type WebServer } from '../web/serve.ts';

export interface SiteOptions {
  readonly name: string;
  /** How long a page takes, in real milliseconds. @default 0 */
  readonly answerMs?: number;
  /** How often the pages of these paths are refused with 503 before they are there. @default none */
  readonly troubles?: Readonly<Record<string, number>>;
  readonly now: () => number;
}

export interface Site extends WebServer {
  /** Who was asked for, and when, in order. */
  readonly asked: readonly { readonly path: string; readonly at: number }[];
}

/** A web site on 127.0.0.1: every path is a page, with a title and three links. */
export async function startSite({ name, answerMs = 0, troubles = {}, now }: SiteOptions): Promise<Site> {
  const asked: { path: string; at: number }[] = [];
  const server = await serve(async ({ url: path = '/' }, answer) => {
    asked.push({ path, at: now() });
    await sleep(answerMs);
    const times = asked.filter((earlier) => earlier.path === path).length;
    if (times <= (troubles[path] ?? 0)) {
      answer.writeHead(503).end('Try again later\n');
      return;
    }
    answer.setHeader('content-type', 'text/html; charset=utf-8');
    answer.end(pageOf(`${name} ${path.slice(1)}`));
  });
  return { ...server, asked };
}

function pageOf(title: string): string {
  const links = ['one', 'two', 'three'].map((word) => `<li><a href="/${word}">${word}</a></li>`).join('');
  return `<!doctype html><html lang="en"><head><title>${title}</title></head><body><ul>${links}</ul></body></html>`;
}
