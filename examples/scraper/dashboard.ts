import type { ServerResponse } from 'node:http';
import { serve, type WebServer } from '../web/serve.ts';
import { statistics } from './statistics.ts';

/** How often the page is told of what is new, milliseconds. */
const interval = 200;

/** A page that shows the statistics live: `/` is the page, `/events` what it listens to. */
export function startDashboard(port = 0): Promise<WebServer> {
  return serve(({ url }, answer) => {
    if (url === '/events') return tellEvents(answer);
    answer.writeHead(url === '/' ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' });
    answer.end(url === '/' ? page : 'Nothing here.\n');
  }, port);
}

/** Server-sent events: the statistics now, and again whenever they have changed. */
function tellEvents(answer: ServerResponse): void {
  answer.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  let told = '';
  const tell = () => {
    const now = JSON.stringify(statistics());
    if (now !== told) answer.write(`data: ${now}\n\n`);
    told = now;
  };
  tell();
  const telling = setInterval(tell, interval);
  answer.on('close', () => clearInterval(telling));
}

const page = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Scraper</title></head>
<body>
<h1>Scraper</h1>
<p><b id="read">0</b> pages read, <b id="failed">0</b> failed tries</p>
<table><thead><tr><th>priority or domain</th><th>read</th><th>failed</th></tr></thead><tbody id="rows"></tbody></table>
<script>
new EventSource('/events').onmessage = ({ data }) => {
  const { read, failed, byPriority, byDomain } = JSON.parse(data);
  document.getElementById('read').textContent = read;
  document.getElementById('failed').textContent = failed;
  const rows = Object.entries({ ...byPriority, ...byDomain }).map(([name, tally]) => {
    const row = document.createElement('tr');
    for (const text of [name, tally.read, tally.failed]) row.insertCell().textContent = text;
    return row;
  });
  document.getElementById('rows').replaceChildren(...rows);
};
</script>
</body>
</html>
`;
