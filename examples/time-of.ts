import type { Tallo } from 'tallo';

/** What an app's clock shows; on the local cloud it may run faster than the machine's. */
export async function timeOf(app: Tallo): Promise<Date> {
  const { cloud } = await app.connection();
  return new Date(cloud.clock.now());
}

/** Waits until that clock shows an instant. */
export async function waitUntil(app: Tallo, instant: Date): Promise<void> {
  const { clock } = (await app.connection()).cloud;
  const left = instant.getTime() - clock.now();
  if (left > 0) await clock.sleep(left);
}
