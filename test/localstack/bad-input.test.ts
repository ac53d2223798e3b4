import { silentLogger, type Tallo } from 'tallo';
import { startWorker } from 'tallo/local';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BadMessage, badMessages } from '../consumer/bad-input.ts';
import * as onLambda from './apps/bad.ts';
import * as onServer from './apps/bad-on-server.ts';

const waiting = { timeout: '60s' } as const;
const worker = Promise.withResolvers<AsyncDisposable>();

beforeAll(async () => worker.resolve(await startWorker(onServer.app, { log: silentLogger })));
afterAll(async () => {
  await (await worker.promise)[Symbol.asyncDispose]();
  for (const { app } of [onLambda, onServer]) await app.close();
});

/** The text, without its spaces if it is JSON. */
function plain(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

/** Takes what is in the app's dead-letter queue. */
async function takeLetters(app: Tallo) {
  const { queues } = (await app.connection()).cloud;
  const name = `${app.name}-default-dlq`;
  const letters = await queues.receive(name, { max: 10, waitSeconds: 20 });
  await queues.delete(
    name,
    letters.map(({ handle }) => handle),
  );
  return letters;
}

async function checkExplained(bad: BadMessage, { app, greet }: typeof onLambda): Promise<void> {
  const mates = await Promise.all([1, 2, 3].map((i) => greet.delay({ name: `mate ${i}` })));
  const { queues } = (await app.connection()).cloud;
  await queues.send(`${app.name}-default`, [{ body: bad.body }]);

  const letters = await takeLetters(app);

  expect(letters).toHaveLength(1);
  // LocalStack's event source reads bodies that are JSON, and writes them anew.
  expect(plain(letters[0]?.body ?? '')).toBe(plain(bad.body));
  expect(letters[0]?.attributes).toMatchObject({
    'tallo-reason': bad.reason,
    'tallo-error': expect.stringMatching(bad.error),
  });
  const greetings = await Promise.all(mates.map((mate) => mate.get(waiting)));
  expect(greetings).toEqual([1, 2, 3].map((i) => `Hello mate ${i}`));
  if (bad.taskId) await expect(app.AsyncResult(bad.taskId).get(waiting)).rejects.toThrow(bad.error);
}

describe('is explained in the deployed dead-letter queue, and its batch mates are unharmed', () => {
  test.each(badMessages)('by a process: $what', (bad) => checkExplained(bad, onServer));

  /** Python's JSON, by which LocalStack's event source reads bodies, goes less deep, and writes a '€' in six bytes. */
  const notThere = ['10,000 levels around the message', 'foreign arguments at the very limit of SQS'];

  test.each(badMessages.filter(({ what }) => !notThere.includes(what)))('by a function: $what', (bad) =>
    checkExplained(bad, onLambda),
  );
});
