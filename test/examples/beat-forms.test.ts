import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CrontabFields, crontab, nextRuns, silentLogger } from 'tallo';
import { acceleratedClock } from 'tallo/local';
import { expect, onTestFinished, test } from 'vitest';
import { beatForms } from '../../examples/beat-forms/app.ts';
import { read } from '../../examples/beat-forms/diary.ts';
import { allForms, type Form, forms, timezone } from '../../examples/beat-forms/forms.ts';
import { openDiary } from '../../examples/beat-forms/open-diary.ts';
import { stopBeat } from '../../examples/beat-forms/stop-beat.ts';
import { waitUntil } from '../../examples/time-of.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

interface Run {
  readonly wanted: readonly Form[];
  readonly speed: number;
  /** The clock starts at the next instant at which clocks in Mendoza show that. */
  readonly start: CrontabFields;
  readonly lengthMs: number;
}

/**
 * Lets beat run for that long, and returns from when to when, and what the diary says of each form. Where the clock is too fast for tasks,
 * they run when it is over.
 */
async function run({ wanted, speed, start, lengthMs }: Run) {
  const folder = await mkdtemp(join(tmpdir(), 'tallo-beat-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [now = new Date()] = nextRuns(crontab(start), 1, { timezone });
  const clock = acceleratedClock({ speed, now });
  const app = beatForms(wanted);
  const isFast = speed > 900;
  await using diary = await openDiary(app, { folder, clock, log: silentLogger, worker: !isFast });
  // Slots that went by while the cloud was being started were never scheduled.
  const from = new Date(clock.now());
  const to = new Date(now.getTime() + lengthMs);
  await waitUntil(app, to);
  await using _worker = isFast ? await stopBeat(app, diary.cloud, { log: silentLogger }) : undefined;
  const slotsDue = (form: Form) =>
    nextRuns(forms[form], 2_000, { from, timezone }).filter((slot) => slot <= to);
  const notesOf = (form: Form) =>
    read()
      .filter(({ entry }) => entry === form)
      .map((note) => ({ ...note, slot: new Date(note.slot) }))
      .filter(({ slot }) => slot > from && slot <= to)
      .toSorted((a, b) => a.slot.getTime() - b.slot.getTime());
  const isMissing = (form: Form) => {
    const noted = notesOf(form).map(({ slot }) => slot.getTime());
    // A tick sends what is due in the minute after the next one: before the first of these slots there was none.
    const first = form === 'every-30-seconds' ? (noted[0] ?? 0) : 0;
    return slotsDue(form).filter((slot) => slot.getTime() >= first && !noted.includes(slot.getTime()));
  };
  // What waits needs a moment.
  for (const form of wanted)
    await expect.poll(() => isMissing(form), { timeout: 15_000, message: form }).toEqual([]);
  return { from, to, slotsDue, notesOf: Object.fromEntries(wanted.map((form) => [form, notesOf(form)])) };
}

test('every 30 seconds: every slot once, none before its time', { timeout: 60_000 }, async () => {
  const start = { minute: 55, hour: 11 };

  const { from, to, notesOf } = await run({
    wanted: ['every-30-seconds'],
    speed: 60,
    start,
    lengthMs: 10 * minuteMs,
  });

  const notes = notesOf['every-30-seconds'] ?? [];
  const [first] = notes;
  expect(first?.slot.getTime()).toBeLessThanOrEqual(from.getTime() + 3 * minuteMs);
  const due = nextRuns('30s', 100, { from: new Date((first?.slot.getTime() ?? 0) - 1) });
  expect(notes.map(({ slot }) => slot)).toEqual(due.filter((slot) => slot <= to));
  expect(notes.length).toBeGreaterThanOrEqual(14);
  for (const { at, slot } of notes) expect(at).toBeGreaterThanOrEqual(slot.getTime());
  // Two real seconds, for a busy machine.
  for (const { at, slot } of notes) expect(at - slot.getTime()).toBeLessThan(2 * minuteMs);
});

/** What clocks in Mendoza show: `Mon 07 09:00`. */
function inMendoza(instant: Date): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    weekday: 'short',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  return format.format(instant).replaceAll(',', '');
}

const shown: Readonly<Record<Form, RegExp>> = {
  'every-30-seconds': /./,
  'daily-at-2': / 02:00$/,
  'mondays-at-9': /^Mon .* 09:00$/,
  hourly: /:00$/,
  monthly: / 01 00:00$/,
  'weekdays-at-18-30': /^(Mon|Tue|Wed|Thu|Fri) .* 18:30$/,
  'every-6-hours': / (00|06|12|18):00$/,
};

const least: Readonly<Record<Form, number>> = {
  'every-30-seconds': 0,
  'daily-at-2': 11,
  'mondays-at-9': 1,
  hourly: 264,
  monthly: 1,
  'weekdays-at-18-30': 7,
  'every-6-hours': 44,
};

// A day is a second here: five days of the old month, then nine of the new one.
test('two weeks of everything else: every slot once', { timeout: 60_000 }, async () => {
  const wanted = allForms.filter((form) => form !== 'every-30-seconds');
  const start = { dayOfMonth: 26, hour: 12, minute: 0 };

  const { slotsDue, notesOf } = await run({ wanted, speed: 86_400, start, lengthMs: 14 * dayMs });

  for (const [form, notes = []] of Object.entries(notesOf)) {
    const slots = notes.map(({ slot }) => slot);
    expect(slots, form).toEqual(slotsDue(form as Form));
    for (const slot of slots) expect(inMendoza(slot), form).toMatch(shown[form as Form]);
    // Three days are left for the cloud to start in.
    expect(slots.length, form).toBeGreaterThanOrEqual(least[form as Form]);
    expect(notes.every(({ words }) => words.mood === 'cheerful' && words.stars === 5)).toBe(true);
  }
});
