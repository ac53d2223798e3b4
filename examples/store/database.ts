import { DatabaseSync } from 'node:sqlite';
import { setting } from '../environment.ts';

const tables = `
  CREATE TABLE IF NOT EXISTS sales (
    id INTEGER PRIMARY KEY, product TEXT NOT NULL, units INTEGER NOT NULL, cents INTEGER NOT NULL, sold_at INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS carts (
    id INTEGER PRIMARY KEY, email TEXT NOT NULL, content TEXT NOT NULL, touched_at INTEGER NOT NULL, reminded_at INTEGER
  );
  CREATE TABLE IF NOT EXISTS statistics (
    run TEXT PRIMARY KEY, taken_at INTEGER NOT NULL, sales INTEGER NOT NULL, cents INTEGER NOT NULL, carts INTEGER NOT NULL
  );
`;

/** One connection per file: the tasks of one worker share it. */
const connections = new Map<string, DatabaseSync>();

/** The store's database: the SQLite file that `STORE_DATABASE` names when a task runs. Instants are epoch milliseconds, money is cents. */
export function storeDatabase(): DatabaseSync {
  const file = setting('STORE_DATABASE');
  const database = connections.get(file) ?? new DatabaseSync(file);
  if (!connections.has(file)) database.exec(tables);
  connections.set(file, database);
  return database;
}

export function closeStoreDatabase(): void {
  const file = setting('STORE_DATABASE');
  connections.get(file)?.close();
  connections.delete(file);
}
