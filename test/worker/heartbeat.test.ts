import { expect, test, vi } from 'vitest';
import { Heartbeat } from '../../functions/process/heartbeat.ts';
import type { Answer } from '../../sdk/ports/queues.ts';
import { settled, VirtualClock } from '../local/event-source/virtual-clock.ts';

const hour = 3_600_000;

interface Renewal {
  readonly at: number;
  readonly handles: readonly string[];
  readonly seconds: number;
}

/** A heartbeat on a clock that stands still, and what it asks for. */
function heart({ visibilitySeconds = 120, answer = async (): Promise<Answer> => ({ ok: true }) } = {}) {
  const clock = new VirtualClock();
  const renewals: Renewal[] = [];
  const warnings: string[] = [];
  const heartbeat = new Heartbeat({
    clock,
    queueName: 'studio-default',
    visibilitySeconds,
    log: { warn: (message) => warnings.push(message) },
    queues: {
      delay: async (_queueName, handles, seconds) => {
        renewals.push({ at: clock.now(), handles, seconds });
        return Promise.all(handles.map(answer));
      },
    },
  });
  const hold = (handle: string, onLost = vi.fn()) =>
    heartbeat.hold({ messageId: handle, handle, body: '', attributes: {}, receives: 1, sentAt: 0 }, onLost);
  return { clock, renewals, warnings, hold };
}

test('lets a message go before SQS would refuse: 12 hours after it was received', async () => {
  const { clock, renewals, warnings, hold } = heart();
  hold('a');

  await clock.advance(13 * hour);

  const ends = renewals.map(({ at, seconds }) => at + seconds * 1_000);
  expect(Math.max(...ends)).toBe(12 * hour - 30_000);
  expect(renewals.filter(({ seconds }) => seconds < 120)).toHaveLength(1);
  expect(renewals.at(-1)).toEqual({ at: 12 * hour - 120_000, handles: ['a'], seconds: 90 });
  expect(warnings).toEqual([
    "A message of 'studio-default' cannot be kept hidden for more than 12 hours: it comes again.",
  ]);
  expect(clock.pending).toBe(0);
});

test('renews what comes between two beats at the next one', async () => {
  const { clock, renewals, hold } = heart();
  hold('a');
  await clock.advance(30_000);
  hold('b');

  await clock.advance(20_000);

  expect(renewals).toEqual([{ at: 40_000, handles: ['a', 'b'], seconds: 120 }]);
});

test('does not renew what was let go, and rests when nothing is left', async () => {
  const { clock, renewals, hold } = heart();
  const [letGo, letGoOther] = [hold('a'), hold('b')];

  await letGo();
  await clock.advance(40_000);
  await letGoOther();
  await clock.advance(400_000);

  expect(renewals).toEqual([{ at: 40_000, handles: ['b'], seconds: 120 }]);
  expect(clock.pending).toBe(0);
});

test('has no renewal on its way any more when letting go has resolved', async () => {
  const reply = Promise.withResolvers<Answer>();
  const { clock, hold } = heart({ answer: () => reply.promise });
  const onLost = vi.fn();
  const letGo = hold('a', onLost);
  await clock.advance(40_000);
  let isOver = false;

  const over = letGo().then(() => {
    isOver = true;
  });
  await settled();
  expect(isOver).toBe(false);
  reply.resolve({ ok: false, code: 'ReceiptHandleIsInvalid', message: 'deleted', retryable: false });
  await over;

  // It was deleted because it has ended: that is no loss.
  expect(onLost).not.toHaveBeenCalled();
});

test('beats on while a renewal hangs', async () => {
  const { clock, renewals, hold } = heart({ answer: () => new Promise(() => undefined) });
  hold('a');

  await clock.advance(120_000);

  expect(renewals.map(({ at }) => at)).toEqual([40_000, 80_000, 120_000]);
});

test.each([
  ['ReceiptHandleIsInvalid', 1],
  ['AWS.SimpleQueueService.MessageNotInflight', 1],
  ['InvalidParameterValue', 1],
  ['KmsThrottled', 0],
  ['InternalError', 0],
])('takes a message for lost that is refused with %s: %d times', async (code, times) => {
  const answer = async (): Promise<Answer> => ({ ok: false, code, message: 'no', retryable: false });
  const { clock, renewals, warnings, hold } = heart({ answer });
  const onLost = vi.fn();
  hold('a', onLost);

  await clock.advance(50_000);

  expect(onLost).toHaveBeenCalledTimes(times);
  expect(renewals.map(({ at }) => at)).toEqual(times === 1 ? [40_000] : [40_000, 45_000, 50_000]);
  expect(warnings).toHaveLength(renewals.length);
});

test('tries again no sooner than it beats where visibilities are short', async () => {
  const answer = async (): Promise<Answer> => ({ ok: false, code: 'x', message: 'no', retryable: true });
  const { clock, renewals, hold } = heart({ visibilitySeconds: 9, answer });
  hold('a');

  await clock.advance(9_000);

  expect(renewals.map(({ at }) => at)).toEqual([3_000, 6_000, 9_000]);
});
