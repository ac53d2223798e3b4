import type { TaskContext } from 'tallo';
import * as z from 'zod';
import { mailer } from '../campaign/mailer.ts';
import { storeDatabase } from '../store/database.ts';

export interface NewCart {
  readonly email: string;
  readonly content: string;
  readonly touchedAt: Date;
}

const cart = z.object({ id: z.number(), email: z.string(), content: z.string() });
const ids = z.array(z.object({ id: z.number() }));

/** A cart that nobody has touched for so long is abandoned. */
const patienceMs = 7 * 24 * 60 * 60 * 1_000;

export function addCart({ email, content, touchedAt }: NewCart): number {
  const insert = storeDatabase().prepare('INSERT INTO carts (email, content, touched_at) VALUES (?, ?, ?)');
  return Number(insert.run(email, content, touchedAt.getTime()).lastInsertRowid);
}

/** The customer is back: the cart is no more abandoned, and was never reminded. */
export function touchCart(id: number, now: Date): void {
  const update = storeDatabase().prepare('UPDATE carts SET touched_at = ?, reminded_at = NULL WHERE id = ?');
  update.run(now.getTime(), id);
}

/** Removes the abandoned carts whose owners were reminded in vain, and returns the ids of both: removed, and to be reminded. */
export function sweepCarts(now: Date): { readonly removed: number[]; readonly abandoned: number[] } {
  const limit = now.getTime() - patienceMs;
  const database = storeDatabase();
  const remove = database.prepare(
    'DELETE FROM carts WHERE touched_at < ? AND reminded_at IS NOT NULL RETURNING id',
  );
  const find = database.prepare('SELECT id FROM carts WHERE touched_at < ? AND reminded_at IS NULL');
  const removed = ids.parse(remove.all(limit)).map(({ id }) => id);
  return { removed, abandoned: ids.parse(find.all(limit)).map(({ id }) => id) };
}

/** Reminds the owner of a cart, unless that was done or the cart is gone. */
export async function remind(self: TaskContext, id: number, now: Date): Promise<boolean> {
  const database = storeDatabase();
  const row = database.prepare('SELECT id, email, content FROM carts WHERE id = ? AND reminded_at IS NULL');
  const found = cart.optional().parse(row.get(id));
  if (!found) return false;
  await mailer().sendMail({
    from: 'The store <store@tallo.example>',
    to: found.email,
    subject: 'Your cart is waiting for you',
    text: `Still interested in ${found.content}?\nWe keep it for two more hours.\n`,
    messageId: `<${self.request.id}@tallo.example>`,
  });
  database.prepare('UPDATE carts SET reminded_at = ? WHERE id = ?').run(now.getTime(), id);
  return true;
}
