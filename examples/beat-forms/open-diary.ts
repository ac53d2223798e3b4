import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Logger, Tallo } from 'tallo';
import { type LocalCloud, startLocalCloud } from 'tallo/local';
import { tellTasks } from '../environment.ts';

export interface DiaryOptions {
  /** Where the diary lies. What is there from the last time is removed. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Run what beat sends. @default true */
  readonly worker?: boolean;
}

export interface Diary extends AsyncDisposable {
  readonly cloud: LocalCloud;
}

/** The diary, and the cloud whose scheduler wakes the app's beat. */
export async function openDiary(app: Tallo, { folder, ...options }: DiaryOptions): Promise<Diary> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await using starting = new AsyncDisposableStack();
  starting.defer(tellTasks({ DIARY: join(folder, 'diary.jsonl') }));
  const cloud = starting.use(await startLocalCloud(app, options));
  const running = starting.move();
  return { cloud, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
