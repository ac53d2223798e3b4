// npm run demo: photographs by HTTP and letters by SMTP, done by tasks that go through SQS, DynamoDB and the Lambda handler.
import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { inventRecipients } from './campaign/recipients.ts';
import { imageOf, missingImages, missingLetters } from './demo/checks.ts';
import { jobs } from './demo/jobs.ts';
import { showProgress } from './demo/progress.ts';
import { summary } from './demo/summary.ts';
import { type Work, work } from './demo/work.ts';
import { startWorld } from './demo/world.ts';

const folder = join(import.meta.dirname, 'output');
const reportFile = join(folder, 'campaign-report.json');
const recipients = inventRecipients(1_000);

const stopping = new AbortController();
const interrupt = () => stopping.abort();
process.once('SIGINT', interrupt);
try {
  process.exitCode = await demo(stopping.signal);
} catch (error) {
  if (!stopping.signal.aborted) throw error;
  console.log('\nStopped.');
  process.exitCode = 130;
} finally {
  process.off('SIGINT', interrupt);
}

async function demo(signal: AbortSignal): Promise<number> {
  console.log(`${jobs.length} photographs and ${recipients.length} letters, one task each:\n`);
  await using world = await startWorld(folder);
  const progress = showProgress();
  const done = await work(world, { jobs, recipients, progress, signal }).finally(progress.stop);
  await writeFile(reportFile, `${JSON.stringify(done.campaign.value, null, 2)}\n`);
  console.log(`\n${summary(done, world.cloud.traffic)}\n`);
  const missing = [
    ...(await missingImages(jobs, folder)),
    ...missingLetters(recipients, world.mailServer, done.campaign.value),
  ];
  console.log(missing.length === 0 ? success(done) : failure(missing));
  return missing.length === 0 ? 0 : 1;
}

function success({ campaign, cleanUp }: Work): string {
  const files = [...jobs.map((job) => imageOf(job, folder)), reportFile, join(folder, 'tasks.log')];
  return [
    `Every file and every letter is there: ${jobs.length} images edited, ${campaign.value.sent} letters received,`,
    `${cleanUp.value.length} uploads cleaned up. The ${campaign.value.failed} people without a letter have moved away, and one upload was half a picture.`,
    '\nTo look at:',
    ...files.map((file) => `  ${relative(process.cwd(), file)}`),
  ].join('\n');
}

function failure(missing: readonly string[]): string {
  return ['Not everything is there:', ...missing.map((what) => `  ${what}`)].join('\n');
}
