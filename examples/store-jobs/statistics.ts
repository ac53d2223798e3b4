import { storeDatabase } from '../store/database.ts';

/** Writes down how the store does, one row per run: a run that comes twice changes nothing. */
export function takeStatistics(run: string, now: Date): void {
  const insert = storeDatabase().prepare(
    `INSERT OR IGNORE INTO statistics (run, taken_at, sales, cents, carts)
     SELECT ?, ?, COUNT(*), COALESCE(SUM(cents), 0), (SELECT COUNT(*) FROM carts) FROM sales WHERE sold_at <= ?`,
  );
  insert.run(run, now.getTime(), now.getTime());
}
