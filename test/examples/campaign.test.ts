import { memoryCloud } from 'tallo/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { app, sendLetter } from '../../examples/app.ts';
import { type MailServerOptions, startMailServer } from '../../examples/campaign/mail-server.ts';
import { inventRecipients } from '../../examples/campaign/recipients.ts';
import { runCampaign } from '../../examples/campaign/run-campaign.ts';

async function openMailServer(options: MailServerOptions = {}) {
  const mailServer = await startMailServer(options);
  vi.stubEnv('SMTP_PORT', String(mailServer.port));
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await mailServer[Symbol.asyncDispose]();
  });
  return mailServer;
}

const ada = { name: 'Ada Lovelace', email: 'ada@open.example' };
const moved = { name: 'Ada Lovelace', email: 'ada@closed.example' };

test('a letter reaches the mail server', async () => {
  const mailServer = await openMailServer({ refusalRate: 0 });
  await using _cloud = memoryCloud(app);

  const result = await sendLetter.delay(ada);

  expect(await result.get()).toMatch(/^250 /);
  expect([...mailServer.received]).toEqual([['ada@open.example', 1]]);
});

test('a letter that the server cannot take now is sent again, three times at most', async () => {
  const mailServer = await openMailServer({ refusalRate: 1 });
  await using cloud = memoryCloud(app);

  const result = await sendLetter.delay(ada);

  await expect(result.get()).rejects.toThrow(/451 4\.7\.1 Busy/);
  expect(await result.retries()).toBe(3);
  expect(mailServer.refused).toEqual({ temporarily: 4, forGood: 0 });
  expect(cloud.deadLetters('emails')).toEqual([]);
});

test('a letter that the server refuses for good is not sent again', async () => {
  const mailServer = await openMailServer({ refusalRate: 0 });
  await using _cloud = memoryCloud(app);

  const result = await sendLetter.delay(moved);

  await expect(result.get()).rejects.toThrow(/550 5\.1\.1 No such mailbox/);
  expect(await result.retries()).toBe(0);
  expect(mailServer.refused).toEqual({ temporarily: 0, forGood: 1 });
});

test('a mail server that is not there counts as trouble of the moment', async () => {
  await using _cloud = memoryCloud(app);
  vi.stubEnv('SMTP_PORT', '1');
  onTestFinished(() => void vi.unstubAllEnvs());

  const result = await sendLetter.delay(ada);

  await expect(result.get()).rejects.toThrow(/ECONNREFUSED/);
  expect(await result.retries()).toBe(3);
});

test('the report counts what was sent, what failed and the retries', async () => {
  const mailServer = await openMailServer({ refusalRate: 0.3 });
  await using _cloud = memoryCloud(app);

  const report = await runCampaign([...inventRecipients(10), moved]);

  expect(report).toMatchObject({ total: 11, sent: 10, failed: 1, successRate: 10 / 11 });
  expect(report.failures).toMatchObject([{ email: moved.email, error: /550/ }]);
  expect(report.retries).toBe(mailServer.refused.temporarily);
  expect(report.retries).toBeGreaterThan(0);
});

test('a letter whose answer does not come in time is in the report as failed', async () => {
  await using _cloud = memoryCloud(app, { handler: false });

  const report = await runCampaign([ada], { timeout: '10s' });

  expect(report).toMatchObject({
    total: 1,
    sent: 0,
    failed: 1,
    failures: [{ error: /not ready within 10s/ }],
  });
});

test('the same seed refuses the same letters', async () => {
  await using _cloud = memoryCloud(app);
  const retriesWith = async (seed: number) => {
    await openMailServer({ refusalRate: 0.5, seed });
    const retries: string[] = [];
    const onEnding = (ending: { recipient: { email: string }; retries: number }) =>
      void retries.push(`${ending.recipient.email} ${ending.retries}`);
    await runCampaign(inventRecipients(10), { onEnding });
    return retries.toSorted();
  };
  const once = await retriesWith(7);

  expect(await retriesWith(7)).toEqual(once);
  expect(await retriesWith(8)).not.toEqual(once);
});
