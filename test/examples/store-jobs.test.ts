import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crontab, nextRuns, silentLogger } from 'tallo';
import { acceleratedClock } from 'tallo/local';
import { expect, onTestFinished, test } from 'vitest';
import { storeDatabase } from '../../examples/store/database.ts';
import { asDay } from '../../examples/store/periods.ts';
import type { Sale } from '../../examples/store/sales.ts';
import { app, timezone } from '../../examples/store-jobs/app.ts';
import { touchCart } from '../../examples/store-jobs/carts.ts';
import { openStore } from '../../examples/store-jobs/open-store.ts';
import { waitUntil } from '../../examples/time-of.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

// 900 minutes pass in a minute, so that half an hour is two seconds of a busy machine: that much may be late, nothing is early.
const speed = 900;
const lateness = 30 * minuteMs;

/** The CSV of a day, worked out again from the sales themselves. */
function csvOf(sales: readonly Sale[], day: string): string {
  const names: Readonly<Record<string, string>> = {
    'Mug, blue': '"Mug, blue"',
    'Poster "Frida"': '"Poster ""Frida"""',
    'Café de olla, 500 g': '"Café de olla, 500 g"',
  };
  const ofDay = sales.filter(({ soldAt }) => asDay(soldAt, timezone) === day);
  const rows = Object.entries(Object.groupBy(ofDay, ({ product }) => product)).map(
    ([product, sold = []]) => ({
      product: names[product] ?? product,
      units: sold.reduce((sum, { units }) => sum + units, 0),
      cents: sold.reduce((sum, { cents }) => sum + cents, 0),
    }),
  );
  const lines = rows
    .toSorted((a, b) => b.cents - a.cents)
    .map(({ product, units, cents }) => `${product},${units},${(cents / 100).toFixed(2)}\r\n`);
  return ['product,units,revenue\r\n', ...lines].join('');
}

test('the jobs of a morning: report, carts and statistics', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tallo-store-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  // To start everything takes half a second, which is minutes.
  const [start = new Date()] = nextRuns(crontab({ hour: 7, minute: 15 }), 1, { timezone });
  const at = (hours: number) => new Date(start.getTime() + (hours - 7.25) * hourMs);
  const clock = acceleratedClock({ speed, now: start });
  await using store = await openStore({ folder, clock, log: silentLogger });
  const { letters } = store.mailbox;
  const lettersTo = (who: string) => letters.filter(({ to }) => to.includes(who));
  const cartsLeft = () =>
    storeDatabase()
      .prepare('SELECT id FROM carts')
      .all()
      .map(({ id }) => id);
  const ready = clock.now();

  await waitUntil(app, at(9.25));
  // Benito was reminded at eight and comes back; Ana does not.
  expect(lettersTo('benito@open.example')).toMatchObject([{ subject: /cart/, text: /Mug, blue/ }]);
  expect(lettersTo('ana@open.example')).toHaveLength(1);
  touchCart(store.carts.benito, at(9.25));
  await waitUntil(app, at(10));
  await expect.poll(() => cartsLeft(), { timeout: 10_000 }).not.toContain(store.carts.ana);
  await expect.poll(() => lettersTo('carmen@open.example'), { timeout: 10_000 }).toHaveLength(1);

  const day = asDay(at(-8), timezone);
  expect(lettersTo('manager@tallo.example')).toHaveLength(1);
  const [report] = lettersTo('manager@tallo.example');
  expect(report?.at).toBeGreaterThanOrEqual(at(8).getTime());
  expect(report?.at).toBeLessThan(at(8).getTime() + lateness);
  expect(report?.attachments).toMatchObject([{ name: `sales-${day}.csv`, type: 'text/csv' }]);
  expect(report?.attachments[0]?.content.toString()).toBe(csvOf(store.sales, day));
  // Frida's cart is six days old, Carmen's became seven days old after eight o'clock: she is reminded at ten.
  expect(lettersTo('frida@open.example')).toEqual([]);
  expect(lettersTo('carmen@open.example')[0]?.at).toBeGreaterThanOrEqual(at(10).getTime());
  expect(cartsLeft()).toEqual([store.carts.frida, store.carts.benito, store.carts.carmen]);

  const upToTen = 'SELECT * FROM statistics WHERE taken_at < ? ORDER BY taken_at';
  const statistics = storeDatabase().prepare(upToTen).all(at(10).getTime());
  const due = nextRuns(300, 100, { from: new Date(ready) }).filter((slot) => slot < at(10));
  expect(statistics.length).toBeLessThanOrEqual(due.length + 1);
  expect(statistics.length).toBeGreaterThanOrEqual(due.length - lateness / (5 * minuteMs));
  expect(statistics[0]).toMatchObject({ sales: store.sales.length, carts: 4 });
});
