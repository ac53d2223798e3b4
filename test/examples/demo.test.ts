import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { inventRecipients } from '../../examples/campaign/recipients.ts';
import { imageOf, missingImages, missingLetters } from '../../examples/demo/checks.ts';
import { originalOf } from '../../examples/demo/edit-photos.ts';
import { jobs } from '../../examples/demo/jobs.ts';
import type { Progress } from '../../examples/demo/progress.ts';
import { summary } from '../../examples/demo/summary.ts';
import { work } from '../../examples/demo/work.ts';
import { startWorld } from '../../examples/demo/world.ts';

async function openWorld() {
  const folder = await mkdtemp(join(tmpdir(), 'tallo-demo-'));
  const world = await startWorld(folder);
  onTestFinished(async () => {
    await world[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  return world;
}

/** Keeps what the bars were told. */
function recordProgress(): Progress & { readonly told: Record<string, string[]> } {
  const told: Record<string, string[]> = {};
  const bar = (label: string) => {
    const notes: string[] = [];
    told[label] = notes;
    return { set: (_done: number, note = '') => void notes.push(note) };
  };
  return { bar, stop: () => undefined, told };
}

const { signal } = new AbortController();
const fewJobs = jobs.slice(0, 2);
const fewRecipients = inventRecipients(40);

test('the demo leaves every file and every letter behind, and says what it cost', async () => {
  const world = await openWorld();
  const progress = recordProgress();

  const done = await work(world, { jobs: fewJobs, recipients: fewRecipients, progress, signal });

  expect(await missingImages(fewJobs, world.folder)).toEqual([]);
  expect(missingLetters(fewRecipients, world.mailServer, done.campaign.value)).toEqual([]);
  expect(done.campaign.value).toMatchObject({ total: 40, sent: 39, failed: 1, successRate: 39 / 40 });
  expect(done.campaign.value.retries).toBe(world.mailServer.refused.temporarily);
  expect(done.photos.value.map(({ state }) => state)).toEqual(['SUCCESS', 'SUCCESS', 'FAILURE']);
  expect(done.cleanUp.value).toHaveLength(3);
  expect(progress.told['half-a-raccoon']).toEqual(['FAILURE, as it must be']);
  expect(summary(done, world.cloud.traffic)).toMatch(/AWS requests for 44 tasks +Requests +Per task\n/);
  expect(summary(done, world.cloud.traffic)).toMatch(/campaign\.send +40 +39 SUCCESS, 1 FAILURE/);
});

test('the demo tells what is missing', async () => {
  const world = await openWorld();
  const [cat, cup] = ['chelsea-cat', 'coffee-cup'].map((photo) => jobs.find((job) => job.photo === photo));
  const [ada] = fewRecipients;
  if (!cat || !cup || !ada) throw new Error('Expected two jobs and a recipient.');

  await work(world, { jobs: [cat], recipients: [], progress: recordProgress(), signal });

  expect(await missingImages([{ ...cat, width: 301 }], world.folder)).toEqual([
    `${imageOf(cat, world.folder)}: expected 301x451, got 300x451.`,
  ]);
  expect(await missingImages([cup], world.folder)).toMatchObject([/coffee-cup\.jpg: ENOENT/]);
  expect(missingLetters([ada], world.mailServer, { sent: 0 })).toEqual([
    `No letter to ${ada.email}.`,
    'Expected 1 letters at the mail server, got 0.',
    'Expected the report to count 1 letters, got 0.',
  ]);
});

test('the demo can be stopped in the middle', async () => {
  const world = await openWorld();
  const stopping = new AbortController();
  const progress = recordProgress();
  const stopAtOnce = { ...progress, bar: () => ({ set: () => stopping.abort() }) };
  const { signal } = stopping;

  const stopped = work(world, { jobs: fewJobs, recipients: fewRecipients, progress: stopAtOnce, signal });

  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
});

test('an upload is answered at once, and its task can be followed by the id alone', async () => {
  const { imageServer } = await openWorld();
  const operations = JSON.stringify([{ kind: 'resize', width: 64 }]);
  const query = new URLSearchParams({ name: 'cup.jpg', operations });

  const body = await readFile(originalOf('coffee-cup'));
  const answer = await fetch(`${imageServer.url}/images?${query}`, { method: 'POST', body });

  expect(answer.status).toBe(202);
  const { taskId } = JSON.parse(await answer.text());
  expect(answer.headers.get('location')).toBe(`/tasks/${taskId}`);
  const statusOf = async (id: string) =>
    JSON.parse(await (await fetch(`${imageServer.url}/tasks/${id}`)).text());
  await expect
    .poll(() => statusOf(taskId))
    .toMatchObject({
      ...{ taskId, state: 'SUCCESS', ready: true, successful: true, retries: 0 },
      result: { width: 64, height: 43, exif: { artist: 'Rachel Michetti' } },
    });
  expect(await statusOf('nobody')).toMatchObject({ state: 'PENDING', ready: false, progress: null });
});

test.for([
  ['no operations', 'name=a.jpg', /operations/],
  ['operations that are not JSON', 'name=a.jpg&operations=blur', /expected JSON/],
  ['an unknown operation', 'name=a.jpg&operations=[{"kind":"sharpen"}]', /operations/],
  ['a name that leads elsewhere', 'name=../a.jpg&operations=[{"kind":"resize","width":64}]', /file name/],
] as const)('an upload with %s is answered with 400', async ([, query, complaint]) => {
  const { imageServer } = await openWorld();

  const answer = await fetch(`${imageServer.url}/images?${query}`, { method: 'POST', body: 'x' });

  expect(answer.status).toBe(400);
  expect(await answer.text()).toMatch(complaint);
});
