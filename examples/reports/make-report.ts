import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setting } from '../environment.ts';
import { lastPeriod, type PeriodKind } from '../store/periods.ts';
import { salesOf } from '../store/sales.ts';
import { makePdf } from './make-pdf.ts';

export interface Moment {
  readonly now: Date;
  readonly timezone: string;
}

/** Asks the database, writes the PDF into a folder named after the time, below `REPORTS_FOLDER`, and returns its path. */
export async function makeReport(kind: PeriodKind, { now, timezone }: Moment): Promise<string> {
  const period = lastPeriod(kind, now, timezone);
  const pdf = await makePdf({ kind, period, timezone, sales: salesOf(period) });
  const folder = join(setting('REPORTS_FOLDER'), stamp(now, timezone));
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${kind}.pdf`);
  await writeFile(file, pdf);
  return file;
}

/** 2026-11-23T08-00-01: no file system minds it, and names sort by time. */
function stamp(now: Date, timezone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: timezone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  return format.format(now).replace(' ', 'T').replaceAll(':', '-');
}
