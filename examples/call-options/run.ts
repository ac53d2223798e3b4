// Two hours in some seconds.
import { acceleratedClock, startLocalCloud } from 'tallo/local';
import { narrate } from '../narrate.ts';
import { app, calls } from './app.ts';
import { openMoodyCloud } from './open-moody-cloud.ts';

await everyCall();
await insistentCall();

async function everyCall(): Promise<void> {
  const clock = acceleratedClock({ speed: 900 });
  const log = narrate({ now: () => clock.now() });
  await using _cloud = await startLocalCloud(app, { clock, log });
  const now = new Date(clock.now());
  const made = Object.entries(calls).map(async ([how, call]) => ({ how, result: await call(now) }));
  for (const { how, result } of await Promise.all(made)) {
    const end = await result.get({ timeout: '3h', propagate: false });
    const delay =
      end instanceof Error ? end.message : `after ${seconds(end.at - now.getTime())}, ${end.queue}`;
    console.log(`${how}: ${await result.state()}, ${delay}`);
  }
}

/** Slower, since pauses of 10 seconds have to be told from the machine's own delays. */
async function insistentCall(): Promise<void> {
  console.log('\nNow SQS refuses the first three sends.');
  const clock = acceleratedClock({ speed: 30 });
  const log = narrate({ now: () => clock.now() });
  await using cloud = await openMoodyCloud({ clock, log, refusals: 3 });
  const result = await calls.insistent();
  await result.get({ timeout: '5m' });
  const { sends } = cloud.endpoint;
  const pauses = sends.slice(1).map((at, index) => seconds(at - (sends[index] ?? 0)));
  console.log(
    `insistent: ${await result.state()}, sent ${sends.length} times, with pauses of ${pauses.join(', ')}`,
  );
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1_000)} s`;
}
