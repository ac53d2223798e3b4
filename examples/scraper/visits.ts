import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { setting } from '../environment.ts';

const visit = z.object({
  address: z.string(),
  queue: z.string(),
  priority: z.number(),
  /** When it began, epoch milliseconds. */
  at: z.number(),
  /** The page's title; null: it could not be had. */
  title: z.string().nullable(),
  links: z.number(),
});

/** One look at one address. */
export type Visit = z.infer<typeof visit>;

const table = `CREATE TABLE IF NOT EXISTS visits (
  address TEXT NOT NULL, queue TEXT NOT NULL, priority INTEGER NOT NULL, at INTEGER NOT NULL, title TEXT, links INTEGER NOT NULL,
  PRIMARY KEY (address, at)
)`;

/** One connection per file: the tasks of one worker share it. */
const connections = new Map<string, DatabaseSync>();

export function addVisit({ address, queue, priority, at, title, links }: Visit): void {
  const insert = database().prepare('INSERT OR IGNORE INTO visits VALUES (?, ?, ?, ?, ?, ?)');
  insert.run(address, queue, priority, at, title, links);
}

/** In the order in which they began. */
export function allVisits(): readonly Visit[] {
  return z.array(visit).parse(database().prepare('SELECT * FROM visits ORDER BY at').all());
}

export function closeVisits(): void {
  const file = setting('SCRAPER_DATABASE');
  connections.get(file)?.close();
  connections.delete(file);
}

/** The SQLite file that `SCRAPER_DATABASE` names when a task runs. */
function database(): DatabaseSync {
  const file = setting('SCRAPER_DATABASE');
  const connection = connections.get(file) ?? new DatabaseSync(file);
  if (!connections.has(file)) connection.exec(table);
  connections.set(file, connection);
  return connection;
}
