import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CrontabFields, crontab, jsonLogger, nextRuns } from 'tallo';
import { acceleratedClock } from 'tallo/local';
import { extractText, getMeta } from 'unpdf';
import { expect, onTestFinished, test } from 'vitest';
import { app, timezone } from '../../examples/reports/app.ts';
import { openOffice } from '../../examples/reports/open-office.ts';
import { asDay, lastPeriod, type PeriodKind } from '../../examples/store/periods.ts';
import type { Sale } from '../../examples/store/sales.ts';
import { waitUntil } from '../../examples/time-of.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

// 900 minutes pass in a minute, so that half an hour is two seconds of a busy machine: that much may be late, nothing is early.
const speed = 900;
const lateness = 30 * minuteMs;

/** The office, on the next of these days, a quarter past that hour. To start everything takes half a second, which is minutes. */
async function openAt(hour: number, days: CrontabFields) {
  const folder = await mkdtemp(join(tmpdir(), 'tallo-reports-'));
  const [start = new Date()] = nextRuns(crontab({ ...days, hour, minute: 15 }), 1, { timezone });
  const clock = acceleratedClock({ speed, now: start });
  const lines: { task?: string; message: string; attempt?: number }[] = [];
  const log = jsonLogger({ write: (line) => lines.push(JSON.parse(line)) });
  const office = await openOffice({ folder, clock, log });
  onTestFinished(async () => {
    await office[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  const at = (hours: number) => new Date(start.getTime() + (hours - hour - 0.25) * hourMs);
  const letterAbout = (kind: PeriodKind) =>
    office.mailbox.letters.find(({ subject }) => subject === `Report: ${kind}`);
  return { ...office, start, at, lines, letterAbout };
}

/** What the PDF must say, worked out again from the sales themselves. */
function wordsOf(kind: PeriodKind, now: Date, sales: readonly Sale[]): readonly string[] {
  const { from, to } = lastPeriod(kind, now, timezone);
  const sold = sales.filter(({ soldAt }) => soldAt >= from && soldAt < to);
  const sum = (of: readonly Sale[], key: 'units' | 'cents') =>
    of.reduce((total, sale) => total + sale[key], 0);
  const products = Object.entries(Object.groupBy(sold, ({ product }) => product));
  return [
    `Sales, ${kind}: ${asDay(from, timezone)} to ${asDay(new Date(to.getTime() - 1), timezone)}`,
    ...products.map(
      ([name, of = []]) => `${name} ${sum(of, 'units')} ${(sum(of, 'cents') / 100).toFixed(2)}`,
    ),
    `Total: ${(sum(sold, 'cents') / 100).toFixed(2)}`,
  ];
}

async function textOf(pdf: Buffer): Promise<string> {
  const { text } = await extractText(new Uint8Array(pdf), { mergePages: true });
  return text;
}

test('the daily report arrives although the mail server is down for two hours', {
  timeout: 60_000,
}, async () => {
  // A Tuesday is no Monday, and the 12th no first: the daily report is the only one.
  const office = await openAt(7, { dayOfMonth: '8-14', dayOfWeek: 'tue' });
  await office.mailbox.close();

  await waitUntil(app, office.at(9.5));
  expect(office.mailbox.letters).toEqual([]);
  await office.mailbox.reopen();
  await expect.poll(() => office.mailbox.letters, { timeout: 10_000 }).toHaveLength(1);

  const letter = office.letterAbout('daily');
  // Tried at eight, at nine and at ten.
  expect(letter?.at).toBeGreaterThanOrEqual(office.at(10).getTime());
  expect(letter?.at).toBeLessThan(office.at(10).getTime() + lateness);
  const attempts = office.lines.filter(({ message }) => message === 'task will be retried');
  expect(attempts.map(({ task, attempt }) => [task, attempt])).toEqual([
    ['reports.mail', 0],
    ['reports.mail', 1],
  ]);
  const files = await readdir(office.reportsFolder, { recursive: true });
  const day = asDay(office.start, timezone);
  expect(files.toSorted()).toEqual([
    expect.stringMatching(new RegExp(`^${day}T08-\\d\\d-\\d\\d$`)),
    expect.stringMatching(new RegExp(`^${day}T08-\\d\\d-\\d\\d.daily\\.pdf$`)),
  ]);
  const pdf = await readFile(join(office.reportsFolder, files.toSorted()[1] ?? ''));
  expect(letter?.attachments).toMatchObject([{ name: 'daily.pdf', type: 'application/pdf' }]);
  expect(letter?.attachments[0]?.content.equals(pdf)).toBe(true);
  const [title, ...rows] = wordsOf('daily', office.at(8), office.sales);
  expect((await getMeta(new Uint8Array(pdf))).info).toMatchObject({ Title: title });
  const text = await textOf(pdf);
  for (const words of [title, ...rows]) expect(text).toContain(words);
});

test('on Mondays the week is reported an hour after the day', { timeout: 60_000 }, async () => {
  const office = await openAt(7, { dayOfMonth: '8-14', dayOfWeek: 'mon' });

  await waitUntil(app, office.at(9));
  await expect.poll(() => office.letterAbout('weekly'), { timeout: 5_000 }).toBeDefined();

  const [daily, weekly] = [office.letterAbout('daily'), office.letterAbout('weekly')];
  expect(daily?.at).toBeGreaterThanOrEqual(office.at(8).getTime());
  expect(weekly?.at).toBeGreaterThanOrEqual(office.at(9).getTime());
  expect(weekly?.at).toBeLessThan(office.at(9).getTime() + lateness);
  expect(office.mailbox.letters).toHaveLength(2);
  const text = await textOf(weekly?.attachments[0]?.content ?? Buffer.alloc(0));
  for (const words of wordsOf('weekly', office.at(9), office.sales)) expect(text).toContain(words);
});

test('on the first of the month the month is reported', { timeout: 60_000 }, async () => {
  const office = await openAt(9, { dayOfMonth: 1 });

  await waitUntil(app, office.at(10));
  await expect.poll(() => office.letterAbout('monthly'), { timeout: 5_000 }).toBeDefined();

  const monthly = office.letterAbout('monthly');
  expect(monthly?.at).toBeGreaterThanOrEqual(office.at(10).getTime());
  expect(office.mailbox.letters).toHaveLength(1);
  const text = await textOf(monthly?.attachments[0]?.content ?? Buffer.alloc(0));
  for (const words of wordsOf('monthly', office.at(10), office.sales)) expect(text).toContain(words);
});
