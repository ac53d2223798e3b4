import { expect, onTestFinished, test, vi } from 'vitest';
import { startLocalCloud } from '../../../local/local-cloud.ts';
import { type Logger, Tallo } from '../../../sdk/index.ts';
import { clientsOf, functionArn, role } from './world.ts';

/** A local cloud whose schedule wakes beat with something that is not of beat; what it says of that. */
async function given(beat?: boolean) {
  const warnings: string[] = [];
  const silent = { debug: () => {}, info: () => {}, error: () => {} };
  const log: Logger = { ...silent, warn: (message) => void warnings.push(message), child: () => log };
  const app = new Tallo('clockwork');
  const cloud = await startLocalCloud(app, { log, ...(beat !== undefined && { beat }) });
  onTestFinished(() => cloud.stop());
  const Target = { Arn: functionArn('clockwork-beat'), RoleArn: role, Input: '{"not":"of beat"}' };
  await clientsOf(cloud.url).create({ Name: 'beat-x', ScheduleExpression: 'rate(1 hour)', Target });
  await vi.waitUntil(() => warnings.length > 0);
  return warnings;
}

test('a local cloud runs the beat function of its app', async () => {
  expect(await given()).toEqual(["Function 'clockwork-beat' failed, trying again in 60 s."]);
});

test('a local cloud does without, if it is told so', async () => {
  expect(await given(false)).toEqual([
    expect.stringContaining('schedule/default/beat-x could not be invoked'),
  ]);
});
