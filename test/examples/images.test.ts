import { copyFile, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { ArgumentsError, jsonLogger } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { app, cleanUpImages, editImage } from '../../examples/app.ts';
import { originalOf } from '../../examples/demo/edit-photos.ts';
import { readExif } from '../../examples/images/exif.ts';
import type { Operation } from '../../examples/images/operations.ts';

async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tallo-images-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

const turnAndShrink: Operation[] = [
  { kind: 'rotate', degrees: 90 },
  { kind: 'resize', width: 150 },
];

test('an image is edited step by step, in the order of the list', async () => {
  const folder = await openFolder();
  await using _cloud = memoryCloud(app);
  const source = originalOf('coffee-cup'); // 600 by 400
  const [rotated, resized] = [join(folder, 'rotated.jpg'), join(folder, 'resized.jpg')];

  const first = await editImage.delay({ source, target: rotated }, turnAndShrink);
  const second = await editImage.delay({ source, target: resized }, turnAndShrink.toReversed());

  expect(await first.get()).toMatchObject({ file: rotated, width: 150, height: 225 });
  expect(await second.get()).toMatchObject({ file: resized, width: 100, height: 150 });
  expect(await sharp(await readFile(rotated)).metadata()).toMatchObject({
    format: 'jpeg',
    width: 150,
    height: 225,
  });
});

test('each operation does what it says', async () => {
  const folder = await openFolder();
  await using _cloud = memoryCloud(app);
  const [source, target] = [originalOf('chelsea-cat'), join(folder, 'cat.jpg')];
  const looksAfter = async (...operations: Operation[]) => {
    await (await editImage.delay({ source, target }, operations)).get();
    const { channels, sharpness } = await sharp(await readFile(target)).stats();
    return { contrast: channels[0]?.stdev ?? 0, sharpness };
  };
  const plain = await looksAfter({ kind: 'rotate', degrees: 0 });

  const blurred = await looksAfter({ kind: 'blur', sigma: 5 });
  const flat = await looksAfter({ kind: 'contrast', factor: 0.5 });

  expect(blurred.sharpness).toBeLessThan(plain.sharpness / 2);
  expect(flat.contrast / plain.contrast).toBeCloseTo(0.5, 1);
});

test('the EXIF of the photograph is in the result and stays in the file', async () => {
  const folder = await openFolder();
  await using _cloud = memoryCloud(app);
  const [source, target] = [join(folder, 'taken.jpg'), join(folder, 'turned.jpg')];
  const taken = { Make: 'Canon', Model: 'Canon EOS 6D', Artist: 'Ada', Copyright: 'CC0 1.0 Universal' };
  await sharp(originalOf('coffee-cup'))
    .withExif({ IFD0: taken, IFD2: { DateTimeOriginal: '2014:05:17 11:39:16' } })
    .toFile(source);

  const result = await editImage.delay({ source, target }, turnAndShrink);

  const facts = {
    artist: 'Ada',
    copyright: 'CC0 1.0 Universal',
    camera: 'Canon EOS 6D',
    takenAt: new Date('2014-05-17T11:39:16Z'),
  };
  expect((await result.get()).exif).toMatchObject(facts);
  expect(await readExif(await readFile(target))).toMatchObject(facts);
});

test('progress is published after each operation', async () => {
  const folder = await openFolder();
  await using cloud = memoryCloud(app);
  const puts = vi.spyOn(cloud.table, 'put');
  const target = join(folder, 'cup.jpg');

  const result = await editImage.delay({ source: originalOf('coffee-cup'), target }, turnAndShrink);
  await result.get();

  const progress = puts.mock.calls.map(([{ state, result: row }]) => {
    return [state, row instanceof Uint8Array && JSON.parse(new TextDecoder().decode(row)).result];
  });
  expect(progress).toEqual([
    ['PROGRESS', { current: 1, total: 2, status: 'rotate, degrees 90' }],
    ['PROGRESS', { current: 2, total: 2, status: 'resize, width 150' }],
  ]);
});

test('every log line of a task names the task, its id and the attempt', async () => {
  const folder = await openFolder();
  const lines: string[] = [];
  await using _cloud = memoryCloud(app, { log: jsonLogger({ write: (line) => lines.push(line) }) });
  const target = join(folder, 'cup.jpg');

  const result = await editImage.delay({ source: originalOf('coffee-cup'), target }, turnAndShrink);
  await result.get();

  const context = { task: 'images.edit', taskId: result.id, attempt: 0 };
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { ...context, message: 'operation done', current: 1 },
    { ...context, message: 'operation done', current: 2 },
    { ...context, message: 'image written', target },
    { ...context, message: 'task success' },
  ]);
});

test('a broken upload is rejected at once and lies in the dead-letter queue', async () => {
  const folder = await openFolder();
  await using cloud = memoryCloud(app);
  const source = join(folder, 'half.jpg');
  await writeFile(source, (await readFile(originalOf('raccoon'))).subarray(0, 100_000));

  const result = await editImage.delay({ source, target: join(folder, 'out.jpg') }, turnAndShrink);

  await expect(result.get()).rejects.toMatchObject({ name: 'Reject', message: /premature end of JPEG/ });
  expect(await result.retries()).toBe(0);
  expect(cloud.deadLetters('images')).toHaveLength(1);
  expect(await readdir(folder)).toEqual(['half.jpg']);
});

test('an operation that does not exist is refused before anything is sent', async () => {
  await using _cloud = memoryCloud(app, { handler: false });
  const files = { source: originalOf('raccoon'), target: 'nowhere.jpg' };

  // @ts-expect-error sharpen is no operation
  await expect(editImage.delay(files, [{ kind: 'sharpen' }])).rejects.toThrow(ArgumentsError);
  await expect(editImage.delay(files, [{ kind: 'resize', width: -1 }])).rejects.toThrow(ArgumentsError);
  await expect(editImage.delay(files, [])).rejects.toThrow(ArgumentsError);
});

test('clean-up removes the files that are older than so many days, and no others', async () => {
  const folder = await openFolder();
  await using _cloud = memoryCloud(app);
  const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 60 * 60 * 1_000);
  for (const [name, age] of [
    ['old.jpg', 8],
    ['recent.jpg', 6],
  ] as const) {
    await copyFile(originalOf('coffee-cup'), join(folder, name));
    await utimes(join(folder, name), daysAgo(age), daysAgo(age));
  }

  const result = await cleanUpImages.delay({ folder, olderThanDays: 7 });

  expect(await result.get()).toEqual(['old.jpg']);
  expect(await readdir(folder)).toEqual(['recent.jpg']);
});
