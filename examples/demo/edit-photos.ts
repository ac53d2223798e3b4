import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from './jobs.ts';
import { editPhoto, type Following, type TaskStatus } from './photo-client.ts';

const photos = join(import.meta.dirname, '..', 'photos');

export interface EditingOptions {
  readonly url: string;
  readonly signal: AbortSignal;
  readonly onLook?: (photo: string, status: TaskStatus) => void;
}

/** Uploads the photographs of all jobs at once and follows each to its end. */
export async function editPhotos(
  jobs: readonly Job[],
  { onLook, ...options }: EditingOptions,
): Promise<readonly TaskStatus[]> {
  const edits = jobs.map(async ({ photo, operations }) => {
    const picture = await readFile(originalOf(photo));
    const look = (status: TaskStatus) => onLook?.(photo, status);
    return editPhoto({ name: `${photo}.jpg`, picture, operations }, { ...options, onLook: look });
  });
  return Promise.all(edits);
}

/** Uploads what arrives when a connection breaks in the middle of a photograph. */
export async function editBrokenPhoto(following: Following): Promise<TaskStatus> {
  const picture = (await readFile(originalOf('raccoon'))).subarray(0, 100_000);
  return editPhoto(
    { name: 'half-a-raccoon.jpg', picture, operations: [{ kind: 'blur', sigma: 1 }] },
    following,
  );
}

export function originalOf(photo: string): string {
  return join(photos, `${photo}.jpg`);
}
