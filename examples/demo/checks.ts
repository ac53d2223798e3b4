import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { MailServer } from '../campaign/mail-server.ts';
import { hasMovedAway, type Recipient } from '../campaign/recipients.ts';
import type { CampaignReport } from '../campaign/report.ts';
import { readExif } from '../images/exif.ts';
import { originalOf } from './edit-photos.ts';
import type { Job } from './jobs.ts';

export function imageOf({ photo }: Job, folder: string): string {
  return join(folder, 'images', `${photo}.jpg`);
}

/** Looks at the files themselves, and says what is missing. */
export async function missingImages(jobs: readonly Job[], folder: string): Promise<readonly string[]> {
  const complaints = await Promise.all(jobs.map((job) => complaintsAbout(job, imageOf(job, folder))));
  return complaints.flat();
}

/** Looks at what the mail server took and at what the report says, and tells what is missing. */
export function missingLetters(
  recipients: readonly Recipient[],
  { received }: Pick<MailServer, 'received'>,
  { sent }: Pick<CampaignReport, 'sent'>,
): readonly string[] {
  const reachable = recipients.filter((recipient) => !hasMovedAway(recipient)).map(({ email }) => email);
  const expected = reachable.length;
  const letters = [...received.values()].reduce((sum, count) => sum + count, 0);
  return [
    ...reachable.filter((email) => !received.has(email)).map((email) => `No letter to ${email}.`),
    ...(letters === expected ? [] : [`Expected ${expected} letters at the mail server, got ${letters}.`]),
    ...(sent === expected ? [] : [`Expected the report to count ${expected} letters, got ${sent}.`]),
  ];
}

async function complaintsAbout(job: Job, file: string): Promise<readonly string[]> {
  try {
    // Read here: sharp remembers what it has read under a path.
    const [original, edited] = await Promise.all([readFile(originalOf(job.photo)), readFile(file)]);
    const { info } = await sharp(edited).raw().toBuffer({ resolveWithObject: true });
    const [before, after] = await Promise.all([readExif(original), readExif(edited)]);
    const hasSize = info.width === job.width && info.height === job.height;
    const keepsRights = before.artist === after.artist && before.copyright === after.copyright;
    return [
      ...(hasSize ? [] : [`${file}: expected ${job.width}x${job.height}, got ${info.width}x${info.height}.`]),
      ...(keepsRights ? [] : [`${file}: artist or copyright was lost.`]),
    ];
  } catch (error) {
    return [`${file}: ${error instanceof Error ? error.message : String(error)}.`];
  }
}
