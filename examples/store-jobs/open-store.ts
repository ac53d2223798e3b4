import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Logger } from 'tallo';
import { type LocalCloud, startLocalCloud } from 'tallo/local';
import { tellTasks } from '../environment.ts';
import { type Mailbox, openMailbox } from '../mailbox/open-mailbox.ts';
import { closeStoreDatabase } from '../store/database.ts';
import { inventSales } from '../store/invent-sales.ts';
import { addSales, type Sale } from '../store/sales.ts';
import { app } from './app.ts';
import { addCart } from './carts.ts';

export interface StoreOptions {
  /** Where the database lies. What is there from the last time is removed. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Store extends AsyncDisposable {
  readonly mailbox: Mailbox;
  readonly cloud: LocalCloud;
  /** All that was sold in the last three days. */
  readonly sales: readonly Sale[];
  /** The carts by their owners. Nobody has touched Frida's for 6 days, Ana's and Benito's for 8, Carmen's for a bit less than 7. */
  readonly carts: Readonly<Record<'frida' | 'ana' | 'benito' | 'carmen', number>>;
}

/** The store with its database, its mail server and its tasks. */
export async function openStore({ folder, clock, log }: StoreOptions): Promise<Store> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await using starting = new AsyncDisposableStack();
  const mailbox = starting.use(await openMailbox(() => clock.now()));
  const settings = { SMTP_HOST: '127.0.0.1', SMTP_PORT: String(mailbox.port) };
  starting.defer(tellTasks({ ...settings, STORE_DATABASE: join(folder, 'store.db') }));
  starting.defer(closeStoreDatabase);
  const now = new Date(clock.now());
  const sales = inventSales(now, 3);
  addSales(sales);
  const ago = (days: number) => new Date(now.getTime() - days * 24 * 60 * 60 * 1_000);
  const carts = {
    frida: addCart({ email: 'frida@open.example', content: 'Notebook', touchedAt: ago(6) }),
    ana: addCart({ email: 'ana@open.example', content: 'Notebook', touchedAt: ago(8) }),
    benito: addCart({ email: 'benito@open.example', content: 'Mug, blue', touchedAt: ago(8) }),
    carmen: addCart({
      email: 'carmen@open.example',
      content: 'Poster "Frida"',
      touchedAt: ago(7 - 1.75 / 24),
    }),
  };
  const cloud = starting.use(await startLocalCloud(app, { clock, log }));
  const running = starting.move();
  return { mailbox, cloud, sales, carts, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
