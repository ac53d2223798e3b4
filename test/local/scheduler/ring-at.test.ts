import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { acceleratedClock } from '../../../local/accelerated-clock.ts';
import { ringAt } from '../../../local/endpoint/scheduler/firing/ring-at.ts';
import { systemClock } from '../../../sdk/ports/clock.ts';

const hour = 3_600_000;
const start = Date.parse('2026-11-21T08:00:00Z');

beforeEach(() => {
  vi.useFakeTimers({ now: start });
});

afterEach(() => {
  vi.useRealTimers();
});

test('rings at its time, once, and not when it was cancelled', () => {
  const rung: string[] = [];
  ringAt(systemClock, start + 30 * 24 * hour, () => rung.push('rung'));
  const cancel = ringAt(systemClock, start + hour, () => rung.push('cancelled'));
  cancel();

  vi.advanceTimersByTime(30 * 24 * hour - 1);
  expect(rung).toEqual([]);
  vi.advanceTimersByTime(hour);

  expect(rung).toEqual(['rung']);
});

test('rings within a minute when the computer has slept past its time, where timers of Node have stopped', () => {
  const rung: number[] = [];
  ringAt(systemClock, start + 3 * hour, () => rung.push(Date.now()));

  vi.setSystemTime(start + 8 * hour);
  vi.advanceTimersByTime(60_000);

  expect(rung).toEqual([start + 8 * hour + 60_000]);
});

test('does not ring early when the clock is put back', () => {
  const rung: number[] = [];
  ringAt(systemClock, start + 3 * hour, () => rung.push(Date.now()));

  vi.setSystemTime(start - hour);
  vi.advanceTimersByTime(4 * hour - 1);
  expect(rung).toEqual([]);
  vi.advanceTimersByTime(1);

  expect(rung).toEqual([start + 3 * hour]);
});

test('asks a clock that passes as fast as it says no more often than it has to', () => {
  vi.useRealTimers();
  const clock = acceleratedClock({ speed: 86_400 });
  const after = vi.spyOn(clock, 'after');

  ringAt(clock, clock.now() + 1_000 * 24 * hour, () => {})();

  expect(after).toHaveBeenCalledExactlyOnceWith(2 ** 31 - 1, expect.any(Function));
});
