import { GroupResult, type Result, Tallo, type TaskContext } from 'tallo';
import { type MemoryCloudOptions, memoryCloud } from 'tallo/testing';

/** An app with tasks that note their runs, and a cloud for it. */
export function world(options: MemoryCloudOptions = {}) {
  const app = new Tallo('rev');
  const cloud = memoryCloud(app, options);
  const runs: string[] = [];
  const note = app.task('note', (name: string) => {
    runs.push(name);
    return name;
  });
  const pass = app.task('pass', (name: string) => {
    runs.push(`passed ${name}`);
    return name;
  });
  const sleepy = app.task('sleepy', { bind: true }, async (self: TaskContext, seconds: number) => {
    runs.push(`sleeps ${seconds}`);
    await cloud.clock.sleep(seconds * 1_000, self.signal);
    runs.push(`slept ${seconds}`);
    return seconds;
  });
  const count = app.task('count', (values: unknown[]) => {
    runs.push(`count ${values.length}`);
    return values.length;
  });
  const alarm = app.task('alarm', (id: string) => {
    runs.push(`error callback ${id}`);
  });
  const requests = () => Object.values(cloud.table.requests).reduce((sum, one) => sum + one, 0);
  return {
    ...{ app, cloud, runs, note, pass, sleepy, count, alarm, requests },
    [Symbol.asyncDispose]: () => cloud.stop(),
  };
}

export const revokedError = { name: 'TaskRevokedError', message: 'revoked', code: 'REVOKED' };

/** The results of a header, which stands before the first step of a chord's body. */
export function membersOf(parent: Result | null): readonly Result[] {
  return parent instanceof GroupResult ? parent.results : [];
}
