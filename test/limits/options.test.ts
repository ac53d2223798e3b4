import { ConfigurationError, Tallo, type TaskOptions } from 'tallo';
import { describe, expect, test } from 'vitest';

function define(options: object) {
  const app = new Tallo('options');
  return app.task('t', options as TaskOptions & { bind?: false }, () => undefined).definition;
}

describe('limits that nothing can be made of are refused when the task is defined', () => {
  test.each([
    [{ rateLimit: '10/d' }, /like '10\/s', '100\/m' or '5\/h'.*got "10\/d"/],
    [{ rateLimit: 'fast' }, /got "fast"/],
    [{ rateLimit: true }, /got true/],
    [{ rateLimit: -1 }, /got -1 per 1/],
    [{ rateLimit: Number.NaN }, /got NaN/],
    [{ rateLimit: 2_000_000 }, /to 1,000,000 a second, got 2000000/],
    [{ rateLimit: { limit: 10 } }, /Expected per in rateLimit of task 't'/],
    [{ rateLimit: { limit: 10, per: '5y' } }, /Expected per in rateLimit of task 't'/],
    [{ rateLimit: { limit: 10, per: 0 } }, /got 10 per 0/],
    [{ rateLimit: { limit: 1, per: '31d' } }, /from one start in 30 days/],
    [
      { rateLimit: { limit: 10, per: '1s', burst: 0 } },
      /burst in rateLimit of task 't' to be a whole number/,
    ],
    [{ rateLimit: { limit: 1_000, per: '1s', burst: 49 } }, /whole number from 50 to/],
    [{ rateLimit: { limit: 10, per: '1s', key: 'host' } }, /a function of the task's arguments.*got "host"/],
    [{ rateLimit: { limit: 10, per: '1s', keys: () => '' } }, /unknown option 'keys'/],
    [{ concurrency: 1 }, /concurrency of task 't' to be { limit, key }, got 1/],
    [{ concurrency: {} }, /limit in concurrency of task 't' to be a whole number from 1 to 1000/],
    [{ concurrency: { limit: 0 } }, /got 0/],
    [{ concurrency: { limit: 1.5 } }, /got 1.5/],
    [{ concurrency: { limit: 1, key: 7 } }, /key in concurrency of task 't'.*got 7/],
    [{ concurrency: { limit: 1, max: 7 } }, /unknown option 'max'/],
    [{ circuitBreaker: {} }, /on in circuitBreaker of task 't' to be a list of error classes/],
    [{ circuitBreaker: { on: [] } }, /got \[\]/],
    [{ circuitBreaker: { on: ['Error'] } }, /got \["Error"\]/],
    [{ circuitBreaker: { on: [Error], failures: 0 } }, /failures in circuitBreaker of task 't'.*got 0/],
    [{ circuitBreaker: { on: [Error], cooldown: '100ms' } }, /from 1 second to 1 day, got "100ms"/],
    [{ circuitBreaker: { on: [Error], name: '' } }, /name in circuitBreaker of task 't' to be text, got ""/],
    [{ circuitBreaker: { on: [Error], after: 3 } }, /unknown option 'after'/],
    [{ circuitBreaker: true }, /circuitBreaker of task 't' to be { on }/],
    [{ dedupe: 'yes' }, /dedupe to be true or false, got "yes"/],
  ])('%o', (options, message) => {
    expect(() => define(options)).toThrow(ConfigurationError);
    expect(() => define(options)).toThrow(message);
  });
});

describe('a rate limit', () => {
  test.each([null, 0, undefined, '0/s', '0'])('of %j is none', (rateLimit) => {
    expect(define({ rateLimit }).rateLimit).toBe(null);
  });

  test.each([
    ['10/s', 100_000, 2],
    ['10', 100_000, 2],
    ['100/m', 600_000, 1],
    ['5/h', 720_000_000, 1],
    ['0.5/s', 2_000_000, 1],
    [100, 10_000, 25],
    [{ limit: 7, per: '1d' }, 12_342_857_143, 1],
  ])('of %j is a slot every %i microseconds, and %i more at once', (rateLimit, spacing, burst) => {
    expect(define({ rateLimit }).rateLimit).toMatchObject({ spacing, burst });
  });
});

test('the other limits have these defaults', () => {
  const { rateLimit, concurrency, circuitBreaker, dedupe } = define({});
  expect([rateLimit, concurrency, circuitBreaker, dedupe]).toEqual([null, null, null, false]);
  expect(define({ circuitBreaker: { on: [RangeError] } }).circuitBreaker).toEqual({
    on: [RangeError],
    failures: 5,
    cooldownMs: 60_000,
    name: 't',
  });
});

test('a key gets the parameters of the task, by their own types', () => {
  const app = new Tallo('typed');
  const task = app.task(
    'fetch',
    {
      rateLimit: { limit: 1, per: '1s', key: (address: string) => new URL(address).host },
      concurrency: { limit: 1, key: (_address: string, depth: number) => String(depth) },
    },
    (address: string, depth: number) => address.length + depth,
  );

  expect(task('abc', 2)).toBe(5);
});
