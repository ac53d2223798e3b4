import { extractText } from 'unpdf';
import { expect, test } from 'vitest';
import { makePdf } from '../../examples/reports/make-pdf.ts';
import { asDay, lastPeriod } from '../../examples/store/periods.ts';
import { toCsv } from '../../examples/store-jobs/csv.ts';

const timezone = 'Europe/Madrid';

test.for([
  ['daily', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
  ['weekly', '2026-03-22T23:00:00Z', '2026-03-29T22:00:00Z'],
  ['monthly', '2026-01-31T23:00:00Z', '2026-02-28T23:00:00Z'],
] as const)('the last %s period ends before now, by the clocks of the zone', ([kind, from, to]) => {
  // A Monday, the day after clocks went forward in Madrid.
  const now = new Date('2026-03-30T06:00:00Z');

  expect(lastPeriod(kind, now, timezone)).toEqual({ from: new Date(from), to: new Date(to) });
});

test('a period that begins now ends the one before', () => {
  const now = new Date('2026-03-29T22:00:00Z');

  expect(lastPeriod('daily', now, timezone).to).toEqual(now);
  expect(asDay(now, timezone)).toBe('2026-03-30');
});

test('CSV quotes what has to be quoted', () => {
  const csv = toCsv([
    ['product', 'units'],
    ['Mug, blue', 3],
    ['Poster "Frida"', 1],
    ['two\nlines', 0],
  ]);

  expect(csv).toBe('product,units\r\n"Mug, blue",3\r\n"Poster ""Frida""",1\r\n"two\nlines",0\r\n');
});

test('a report that does not fit on a page goes on on the next', async () => {
  const sales = Array.from({ length: 100 }, (_, index) => ({ product: `No ${index}`, units: 1, cents: 100 }));
  const period = lastPeriod('daily', new Date('2026-03-30T06:00:00Z'), timezone);

  const pdf = await makePdf({ kind: 'daily', period, timezone, sales });

  const { totalPages, text } = await extractText(new Uint8Array(pdf), { mergePages: true });
  expect(totalPages).toBeGreaterThan(1);
  expect(text).toContain('No 99 1 1.00');
  expect(text).toContain('Total: 100.00');
});
