import { Interrupted, silentLogger, Tallo } from 'tallo';
import { startLocalCloud, startWorker } from 'tallo/local';
import { expect, test } from 'vitest';

/** An app whose task waits until it is interrupted, `interruptions` times, and ends then as it is told. */
function patientApp({ interruptions, ending }: { interruptions: number; ending: () => string }) {
  const app = new Tallo('patient', { queues: { default: { runOn: 'server', visibilityTimeout: '1h' } } });
  const begun: number[] = [];
  const reasons: unknown[] = [];
  let hasBegun = Promise.withResolvers<void>();
  const patient = app.task('patient', { bind: true, maxRetries: 0 }, async ({ signal, request }) => {
    begun.push(request.retries);
    hasBegun.resolve();
    if (reasons.length === interruptions) return 'done';
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    reasons.push(signal.reason);
    return ending();
  });
  /** Starts a worker, waits for a run to begin, and stops the worker while it runs. */
  const interrupt = async () => {
    const worker = await startWorker(app, { grace: 0, log: silentLogger });
    await hasBegun.promise;
    hasBegun = Promise.withResolvers();
    await worker.stop();
  };
  return { app, patient, begun, reasons, interrupt };
}

test('an interrupted run counts neither as an attempt nor as a crash, however often', async () => {
  const ending = () => {
    throw new Error('I was not done');
  };
  const { app, patient, begun, reasons, interrupt } = patientApp({ interruptions: 5, ending });
  await using _cloud = await startLocalCloud(app, { worker: false });
  const result = await patient.delay();

  for (let time = 0; time < 5; time += 1) await interrupt();
  await using _worker = await startWorker(app, { log: silentLogger });

  expect(await result.get({ timeout: '10s' })).toBe('done');
  expect(begun).toEqual([0, 0, 0, 0, 0, 0]);
  expect(reasons).toHaveLength(5);
  expect(reasons[0]).toBeInstanceOf(Interrupted);
});

test('what a run returns after its interruption is its result, and it does not run again', async () => {
  const { app, patient, begun, interrupt } = patientApp({ interruptions: 5, ending: () => 'done in time' });
  await using cloud = await startLocalCloud(app, { worker: false });
  const result = await patient.delay();

  await interrupt();

  expect(await result.get({ timeout: '10s' })).toBe('done in time');
  expect(begun).toEqual([0]);
  expect(cloud.traffic.count('SQS.DeleteMessageBatch')).toBe(1);
  expect(cloud.traffic.count('SQS.ChangeMessageVisibilityBatch')).toBe(0);
});
