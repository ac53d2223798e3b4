import type { Tallo } from '../../sdk/index.ts';
import { findAppFile } from './find-app-file.ts';
import { loadApp } from './load-app.ts';

/** Finds and loads the app, lends it to `work`, and lets its connections go. */
export async function withApp<T>(named: string | undefined, work: (app: Tallo) => Promise<T>): Promise<T> {
  const app = await loadApp(findAppFile(named));
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}
