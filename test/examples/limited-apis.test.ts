import { silentLogger } from 'tallo';
import { acceleratedClock } from 'tallo/local';
import { expect, onTestFinished, test } from 'vitest';
import { answerCustomer, charge, fetchWeather, renderNewsletter } from '../../examples/limited-apis/app.ts';
import { openApis } from '../../examples/limited-apis/open-apis.ts';
import { startApi } from '../../examples/limited-apis/start-api.ts';

const minuteMs = 60_000;

async function open(speed: number) {
  const apis = await openApis({ clock: acceleratedClock({ speed }), log: silentLogger });
  onTestFinished(() => apis[Symbol.asyncDispose]());
  return apis;
}

/** Makes that many calls at once, waits for all, and returns when they began, in order. */
async function starts(task: typeof charge, count: number): Promise<readonly number[]> {
  const calls = Array.from({ length: count }, (_, index) => task.delay(`${index + 1}`));
  const results = await Promise.all(calls);
  const began = await Promise.all(results.map((result) => result.get({ timeout: '4h' })));
  return began.toSorted((a, b) => a - b);
}

/** How many of these instants lie in one period at the most, whenever it begins. */
function mostWithin(instants: readonly number[], periodMs: number): number {
  const counts = instants.map(
    (first) => instants.filter((at) => at >= first && at < first + periodMs).length,
  );
  return Math.max(...counts);
}

test('the API answers 429 to whoever asks too often', async () => {
  await using api = await startApi({ limit: 12, perMs: minuteMs, now: () => 0 });

  const answers = await Promise.all(Array.from({ length: 15 }, () => fetch(api.url)));

  expect(answers.filter(({ status }) => status === 200)).toHaveLength(12);
  expect(answers.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('60');
  expect(api.refused()).toBe(3);
});

// A slot of 6 s is a fifth of a real second: a worker that is later than that loses its slot, which costs time and no more.
test('30 calls of an API at 10/m take three minutes, and none is refused', { timeout: 60_000 }, async () => {
  const { weather } = await open(30);

  const began = await starts(fetchWeather, 30);

  // Ten, and one for the burst that a limit has.
  expect(mostWithin(began, minuteMs)).toBeLessThanOrEqual(11);
  expect(weather.refused()).toBe(0);
  expect(weather.taken).toHaveLength(30);
  const minutes = ((began.at(-1) ?? 0) - (began[0] ?? 0)) / minuteMs;
  expect(minutes).toBeGreaterThan(2.7);
  expect(minutes).toBeLessThan(6);
});

// A slot of 36 s is a tenth of a real second.
test('110 payments at 100/h: never more than 100 in an hour, and one for the burst', {
  timeout: 60_000,
}, async () => {
  const { payments } = await open(360);

  const began = await starts(charge, 110);

  expect(mostWithin(began, 60 * minuteMs)).toBeLessThanOrEqual(101);
  expect(payments.refused()).toBe(0);
  expect(payments.taken).toHaveLength(110);
});

// At the machine's own speed: here time does not matter.
test('ten urgent tasks run at once, and two of the others', async () => {
  const { support, newsletter } = await open(1);
  const numbers = Array.from({ length: 40 }, (_, index) => `${index + 1}`);

  const urgent = numbers.map((number) => answerCustomer.delay(number));
  const others = numbers.slice(0, 8).map((number) => renderNewsletter.delay(number));
  const results = await Promise.all([...urgent, ...others]);
  await Promise.all(results.map((result) => result.get({ timeout: '25s' })));

  expect([support.taken.length, support.mostAtOnce()]).toEqual([40, 10]);
  expect([newsletter.taken.length, newsletter.mostAtOnce()]).toEqual([8, 2]);
});
