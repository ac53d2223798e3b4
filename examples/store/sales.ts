import * as z from 'zod';
import { storeDatabase } from './database.ts';
import type { Period } from './periods.ts';

export interface Sale {
  readonly product: string;
  readonly units: number;
  readonly cents: number;
  readonly soldAt: Date;
}

const productSales = z.object({ product: z.string(), units: z.number(), cents: z.number() });

/** What one product brought in a period. */
export type ProductSales = z.infer<typeof productSales>;

/** All of them or none. */
export function addSales(sales: readonly Sale[]): void {
  const database = storeDatabase();
  const insert = database.prepare('INSERT INTO sales (product, units, cents, sold_at) VALUES (?, ?, ?, ?)');
  database.exec('BEGIN');
  for (const { product, units, cents, soldAt } of sales) insert.run(product, units, cents, soldAt.getTime());
  database.exec('COMMIT');
}

/** By product, the best first. */
export function salesOf({ from, to }: Period): readonly ProductSales[] {
  const query = storeDatabase().prepare(
    `SELECT product, SUM(units) AS units, SUM(cents) AS cents FROM sales
     WHERE sold_at >= ? AND sold_at < ? GROUP BY product ORDER BY SUM(cents) DESC, product`,
  );
  return z.array(productSales).parse(query.all(from.getTime(), to.getTime()));
}

/** 123456 as 1234.56. */
export function asMoney(cents: number): string {
  return (cents / 100).toFixed(2);
}
