import { readFile, writeFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { Reject, type TaskContext } from 'tallo';
import * as z from 'zod';
import { type Exif, readExif } from './exif.ts';
import { apply, describe, type Operation, operations } from './operations.ts';

/** Pictures travel as paths: a message has room for 1 MiB, and is paid for by the size. */
const files = z.object({ source: z.string(), target: z.string() });
export const editArguments = z.tuple([files, operations]);

export interface EditedImage {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly exif: Exif;
}

/** What `self.updateState` publishes. */
interface EditProgress {
  readonly current: number;
  readonly total: number;
  readonly status: string;
}

/**
 * Applies the operations in their order and writes the result as a JPEG with the EXIF of the original. Running it twice
 * gives the same file.
 */
export async function edit(
  self: TaskContext,
  { source, target }: z.infer<typeof files>,
  operations: readonly Operation[],
): Promise<EditedImage> {
  const total = operations.length;
  let picture = await render(sharp(await readFile(source)).autoOrient());
  for (const [index, operation] of operations.entries()) {
    self.signal.throwIfAborted();
    picture = await render(apply(operation, sharp(picture)));
    const progress: EditProgress = { current: index + 1, total, status: describe(operation) };
    self.log.info('operation done', { ...progress });
    await self.updateState('PROGRESS', progress);
  }
  const { data, info } = await sharp(picture)
    .keepExif()
    .jpeg({ quality: 90 })
    .toBuffer({ resolveWithObject: true });
  await writeFile(target, data);
  const exif = await readExif(data);
  self.log.info('image written', { target, bytes: info.size });
  return { file: target, width: info.width, height: info.height, bytes: info.size, exif };
}

/** Carries out one step, without loss. A picture that sharp cannot work on today it cannot work on tomorrow either. */
async function render(picture: Sharp): Promise<Buffer> {
  try {
    return await picture.keepExif().png({ compressionLevel: 0 }).toBuffer();
  } catch (cause) {
    // The first line is about the picture, those after it about the libraries.
    const [reason] = String(cause instanceof Error ? cause.message : cause).split('\n');
    throw new Reject(`Expected a whole picture, but: ${reason}.`, { cause });
  }
}
