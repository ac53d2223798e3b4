import type { Logger, Tallo } from 'tallo';
import { acceleratedClock, awsCloud, type LocalCloud, startWorker } from 'tallo/local';

/**
 * Stops an app's beat, and starts a worker that runs what waits, at the machine's own speed: at a day per second, the 14 minutes that a task
 * may take are a hundredth of one.
 */
export async function stopBeat(
  app: Tallo,
  { url }: LocalCloud,
  { log }: { readonly log: Logger },
): Promise<AsyncDisposable> {
  for await (const { name } of app.schedules.list()) await app.schedules.pause(name);
  const { cloud: fast } = await app.connection();
  await using starting = new AsyncDisposableStack();
  starting.defer(() => fast.close());
  const { tableName, scheduleGroup } = app.topology();
  const clock = acceleratedClock({ speed: 1, now: new Date(fast.clock.now()) });
  app.connect(awsCloud({ tableName, scheduleGroup, endpoint: url, clock }));
  starting.use(await startWorker(app, { log }));
  return starting.move();
}
