import { Tallo } from 'tallo';
import { acceleratedClock, awsCloud, startLocalCloud } from 'tallo/local';
import { describe, expect, onTestFinished, test } from 'vitest';
import { namesIn } from '../../sdk/app/topology.ts';
import { text } from './world.ts';

const mebibyte = 1_048_576;
const silent = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

/** An app on a local cloud, over HTTP. */
async function given(payloadBucket: boolean | string = true) {
  const app = new Tallo('large', { payloadBucket });
  const measure = app.task('measure', (given: string) => given.length);
  const cloud = await startLocalCloud(app, { log: silent });
  onTestFinished(() => cloud.stop());
  return { app, measure, cloud };
}

describe('on the local cloud', () => {
  test.each([
    ['1.1 MB', text(1_100_000)],
    ['5 MiB of what is not ASCII', text(1_000_000, 'é🌿')],
    ['50 MiB', text(50 * mebibyte)],
  ])(
    'a call of %s runs: one request stores it, one fetches it',
    async (_what, payload) => {
      const { measure, cloud } = await given();
      cloud.traffic.reset();

      const result = await measure.delay(payload);

      expect(await result.get({ timeout: '30s' })).toBe(payload.length);
      expect(cloud.traffic.count('S3.PutObject')).toBe(1);
      expect(cloud.traffic.count('S3.GetObject')).toBe(1);
      expect(cloud.traffic.count('SQS.SendMessageBatch')).toBe(1);
    },
    40_000,
  );

  test('a call that fits asks nothing of S3', async () => {
    const { measure, cloud } = await given();
    cloud.traffic.reset();

    const results = await Promise.all(Array.from({ length: 20 }, () => measure.delay('short')));
    for (const result of results) expect(await result.get({ timeout: '10s' })).toBe(5);

    const actions = Object.keys(cloud.traffic.byAction());
    expect(actions.filter((action) => action.startsWith('S3.'))).toEqual([]);
  });

  test.each([true, 'a-bucket-of-ours'])('another process finds the bucket: %s', async (payloadBucket) => {
    const { cloud } = await given(payloadBucket);
    const caller = new Tallo('large', { payloadBucket });
    caller.connect(awsCloud({ ...namesIn(caller.topology()), endpoint: cloud.url }));
    onTestFinished(() => caller.close());

    const result = await caller.sendTask('measure', [text(2 * mebibyte)]);

    expect(await result.get({ timeout: '10s' })).toBe(2 * mebibyte);
  });

  test('a large call that is due later waits in a schedule and runs then', async () => {
    const clock = acceleratedClock({ speed: 600 });
    const app = new Tallo('later', { payloadBucket: true });
    const measure = app.task('measure', (payload: string) => [payload.length, clock.now()]);
    const cloud = await startLocalCloud(app, { log: silent, clock });
    onTestFinished(() => cloud.stop());
    const due = clock.now() + 40 * 60_000;

    const result = await measure.applyAsync([text(2 * mebibyte)], { eta: new Date(due) });
    const [length, ranAt] = await result.get({ timeout: '3h' });

    expect(length).toBe(2 * mebibyte);
    expect(ranAt).toBeGreaterThanOrEqual(due);
    expect(cloud.traffic.count('Scheduler.CreateSchedule')).toBe(1);
  }, 60_000);
});
