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

export interface OfficeOptions {
  /** Where database and reports lie. What is there from the last time is removed. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Office extends AsyncDisposable {
  readonly mailbox: Mailbox;
  readonly cloud: LocalCloud;
  readonly reportsFolder: string;
  /** All that was sold in the last 70 days. */
  readonly sales: readonly Sale[];
}

/** The database, the mail server and the tasks. */
export async function openOffice({ folder, clock, log }: OfficeOptions): Promise<Office> {
  const reportsFolder = join(folder, 'reports');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await using starting = new AsyncDisposableStack();
  const mailbox = starting.use(await openMailbox(() => clock.now()));
  const settings = { SMTP_HOST: '127.0.0.1', SMTP_PORT: String(mailbox.port) };
  starting.defer(
    tellTasks({ ...settings, STORE_DATABASE: join(folder, 'store.db'), REPORTS_FOLDER: reportsFolder }),
  );
  starting.defer(closeStoreDatabase);
  const sales = inventSales(new Date(clock.now()), 70);
  addSales(sales);
  const cloud = starting.use(await startLocalCloud(app, { clock, log }));
  const running = starting.move();
  return { mailbox, cloud, reportsFolder, sales, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
