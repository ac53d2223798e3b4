import { chain, group, Tallo } from 'tallo';
import { memoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { byteLength } from '../../sdk/wire/size.ts';
import { type Anything, outcomeOf, times, world } from '../conformance/world.ts';
import { sizeOfRow } from './row-size.ts';

/** A chain of that many `group(2) | tsum`, with the sizes of what it sent and stored. */
async function stages(count: number) {
  const app = new Tallo('size');
  await using cloud = memoryCloud(app);
  const add = app.task('add', (x: number, y: number) => x + y);
  const halfSum = app.task('half_sum', ([x = 0, y = 0]: readonly number[]) => (x + y) / 2);
  const messages: number[] = [];
  const send = cloud.queues.send.bind(cloud.queues);
  cloud.queues.send = (name, some) => {
    messages.push(...some.map(({ body }) => byteLength(body)));
    return send(name, some);
  };
  const steps = times(count, () => [group(add.s(1), add.s(3)), halfSum.s()]).flat();

  const value = await outcomeOf(chain([add.si(0, 0), ...steps] as Anything[]));

  const pages = cloud.table.rows().filter(({ id }) => id.startsWith('flow-'));
  return {
    value,
    largest: Math.max(...messages),
    sent: messages.length,
    stored: pages.reduce((sum, page) => sum + sizeOfRow(page), 0),
  };
}

describe('a chain of groups', () => {
  test('takes as many messages as it has tasks, and none of them grows faster than the chain, nor over 20 KB', async () => {
    const first = await stages(1);
    for (const count of times(50, (i) => i + 1)) {
      const { value, largest, sent, stored } = await stages(count);
      expect([value, sent]).toEqual([2 * count, 1 + 3 * count]);
      expect(largest).toBeLessThanOrEqual(Math.min(first.largest * count, 20_000));
      expect(stored).toBeLessThanOrEqual(8_192 * count);
    }
  });
});

describe('a chain', () => {
  test('of a thousand steps runs', async () => {
    await using it = world();

    expect(await outcomeOf(chain(times(1_000, () => it.add.s(1))).clone([0]))).toBe(1_000);
  });

  test('with a group of 5,000 in the middle runs', async () => {
    await using it = world();
    const middle = group(times(5_000, (i) => it.add.s(i)));

    const value = await outcomeOf(chain(it.add.s(1, 2), middle, it.tsum.s(), it.add.s(1)));

    expect(value).toBe((4_999 * 5_000) / 2 + 3 * 5_000 + 1);
  });
});
