import fc from 'fast-check';
import { ConfigurationError, type QueueOptions, Tallo } from 'tallo';
import { describe, expect, test } from 'vitest';
import { laneFor } from '../../sdk/app/lanes.ts';

/** The only queue of an app, as it is described. */
function described(options: QueueOptions, name = 'mails', app = 'store') {
  const [queue] = new Tallo(app, { queues: { [name]: options }, defaultQueue: name }).topology().queues;
  if (!queue) throw new Error('Expected the app to have a queue.');
  return queue;
}

describe('the lanes of a queue', () => {
  test('are one without the option: the queue itself', () => {
    const { lanes } = described({ concurrency: 5 });

    expect(lanes).toEqual([{ name: 'normal', queueName: 'store-mails', least: 0, most: 9, concurrency: 5 }]);
  });

  test('are two for 7 to 9 and the others', () => {
    const { lanes, queueName } = described({ lanes: 2 });

    expect(queueName).toBe('store-mails');
    expect(lanes).toEqual([
      { name: 'urgent', queueName: 'store-mails-urgent', least: 7, most: 9, concurrency: null },
      { name: 'normal', queueName: 'store-mails', least: 0, most: 6, concurrency: null },
    ]);
  });

  test('are three for 7 to 9, 4 to 6 and 0 to 3', () => {
    const { lanes } = described({ lanes: 3, concurrency: 6 });

    expect(lanes).toEqual([
      { name: 'urgent', queueName: 'store-mails-urgent', least: 7, most: 9, concurrency: 2 },
      { name: 'normal', queueName: 'store-mails', least: 4, most: 6, concurrency: 2 },
      { name: 'low', queueName: 'store-mails-low', least: 0, most: 3, concurrency: 2 },
    ]);
  });

  test('share the concurrency evenly, and the most urgent one has the rest', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(2 as const, 3 as const),
        fc.integer({ min: 6, max: 1_000 }),
        (lanes, all) => {
          const [first = 0, ...others] = described({ lanes, concurrency: all }).lanes.map(
            ({ concurrency }) => concurrency ?? 0,
          );

          expect(first + others.reduce((sum, share) => sum + share, 0)).toBe(all);
          expect(new Set(others)).toEqual(new Set([Math.floor(all / lanes)]));
          expect(first - Math.floor(all / lanes)).toBeLessThan(lanes);
        },
      ),
    );
  });

  test.each([
    [{ lanes: 4 }, /Queue 'mails': expected lanes to be 1, 2 or 3, got 4/],
    [{ lanes: '2' }, /expected lanes to be 1, 2 or 3, got "2"/],
    [{ lanes: 3, concurrency: 5 }, /expected concurrency to be at least 6, 2 for each of its 3 lanes, got 5/],
    [{ lanes: 2, concurrency: 3 }, /at least 4, 2 for each of its 2 lanes, got 3/],
    [{ lanes: 2, runOn: 'celery' }, /expected no lanes on a queue with runOn: 'celery', got 2/],
  ])('cannot be %j', (options, message) => {
    expect(() => described(options as QueueOptions)).toThrow(ConfigurationError);
    expect(() => described(options as QueueOptions)).toThrow(message);
  });

  test('are found for every number that Python may write', () => {
    const queue = described({ lanes: 3 });
    const names = [-1, 0, 3, 3.5, 4, 6, 6.9, 7, 9, 255].map((priority) => laneFor(queue, priority).name);

    expect(names).toEqual([
      ...['low', 'low', 'low', 'low'],
      ...['normal', 'normal', 'normal'],
      ...['urgent', 'urgent', 'urgent'],
    ]);
  });
});

describe('the names of queues in the cloud', () => {
  const app = 'a'.repeat(38);

  test('may have 80 characters', () => {
    expect(described({}, 'q'.repeat(37), app).deadLetterQueueName).toHaveLength(80);
    expect(described({ lanes: 2 }, 'q'.repeat(34), app).lanes[0].queueName).toHaveLength(80);
  });

  test.each([
    [{}, 38, 81],
    [{ lanes: 2 }, 35, 81],
  ] as const)('may not have more: %j with a name of %i', (options, length, got) => {
    expect(() => described(options, 'q'.repeat(length), app)).toThrow(
      `expected its names in the cloud to have at most 80 characters, got ${got}`,
    );
  });

  test.each(['mails-urgent', 'mails-low', 'mails-dlq'])('do not clash with queue %s', (other) => {
    const clashing = () => new Tallo('store', { queues: { mails: { lanes: 3 }, [other]: {} } });

    expect(clashing).toThrow(ConfigurationError);
    expect(clashing).toThrow(`'store-${other}' belongs to both 'mails' and '${other}'`);
  });

  test('may look like those of lanes where there are none', () => {
    const { queues } = new Tallo('store', { queues: { mails: {}, 'mails-urgent': {} } }).topology();

    expect(queues.map(({ queueName }) => queueName)).toContain('store-mails-urgent');
  });
});
