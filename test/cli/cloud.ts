import { onTestFinished } from 'vitest';
import { startLocalCloud } from '../../local/local-cloud.ts';
import { silentLogger } from '../../sdk/index.ts';
import { app } from './apps/shop.ts';

export const shopFile = 'test/cli/apps/shop.ts';

/** A local cloud for the shop in this process, for commands to talk to. */
export async function givenCloud({ worker = true } = {}) {
  const cloud = await startLocalCloud(app, { worker, log: silentLogger });
  onTestFinished(() => cloud.stop());
  return { app, url: cloud.url, env: { AWS_ENDPOINT_URL: cloud.url } };
}

/** An address where nobody answers. */
export const nowhere = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
