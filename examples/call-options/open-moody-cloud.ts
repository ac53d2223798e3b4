import type { Clock, Logger } from 'tallo';
import { awsCloud, startLocalCloud } from 'tallo/local';
import { tellTasks } from '../environment.ts';
import { app } from './app.ts';
import { type MoodyEndpoint, startMoodyEndpoint } from './moody-endpoint.ts';

export interface MoodyCloudOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** How many sends are refused before the first one is taken. */
  readonly refusals: number;
}

/** The local cloud, and an app whose calls reach it through an endpoint that refuses the first sends. */
export async function openMoodyCloud({ clock, log, refusals }: MoodyCloudOptions) {
  await using starting = new AsyncDisposableStack();
  const cloud = starting.use(await startLocalCloud(app, { clock, log }));
  const { cloud: direct } = await app.connection();
  starting.defer(() => direct.close());
  const endpoint: MoodyEndpoint = starting.use(
    await startMoodyEndpoint({ url: cloud.url, refusals, now: () => clock.now() }),
  );
  // The AWS SDK insists by itself, at intervals of its own; here the policy of the call is to be seen.
  starting.defer(tellTasks({ AWS_MAX_ATTEMPTS: '1' }));
  const { tableName, scheduleGroup } = app.topology();
  app.connect(awsCloud({ tableName, scheduleGroup, endpoint: endpoint.url, clock }));
  const running = starting.move();
  return { endpoint, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
