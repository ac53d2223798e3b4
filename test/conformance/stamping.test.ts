import { chain, chord, group, type StampingVisitor } from 'tallo';
import type { MemoryCloud } from 'tallo/testing';
import { describe, expect, test } from 'vitest';
import { patience, stage, type Value, valueFrom } from './stage.ts';
import { expectedException, times } from './world.ts';

/** What has been sent so far, as it travels. */
function watched(cloud: MemoryCloud) {
  const sent: { headers: Value; properties: Value; embed: Value }[] = [];
  const send = cloud.queues.send.bind(cloud.queues);
  cloud.queues.send = (name, messages) => {
    for (const { headers, properties, body } of messages.map((message) => JSON.parse(message.body)))
      sent.push({ headers, properties, embed: JSON.parse(body)[2] });
    return send(name, messages);
  };
  return sent;
}

const monitoring: StampingVisitor = { onSignature: () => ({ monitoring_id: 'm-1' }) };

describe('stamps', () => {
  test('169: are on every task of a workflow', async () => {
    await using s = stage();
    const sent = watched(s.cloud);
    const { identity, mul, xsum } = s;

    const first = chain(group(times(3, (i) => identity.s(i + 1))), xsum.s());
    const second = chord(group(times(3, () => mul.s(10))), xsum.s());

    expect(await valueFrom(chain(first, second).stamp(monitoring))).toBe(180);
    expect(sent.map(({ headers }) => headers.stamps)).toEqual(times(8, () => ({ monitoring_id: 'm-1' })));
  });

  test('170: keep the type of their value', async () => {
    await using s = stage();
    const sent = watched(s.cloud);

    expect(await valueFrom(s.add.si(1, 1).stamp({ onSignature: () => ({ stamp: 42 }) }))).toBe(2);

    expect(sent.map(({ headers }) => headers)).toMatchObject([
      { stamps: { stamp: 42 }, stamped_headers: ['stamp'] },
    ]);
  });

  test('172: are no properties of the message', async () => {
    await using s = stage();
    const sent = watched(s.cloud);

    await valueFrom(s.add.si(1, 1).stamp({ stamp: 42 }));

    const [message] = sent;
    expect(message?.headers.stamped_headers).toEqual(['stamp']);
    expect(message?.properties).not.toHaveProperty('stamp');
    expect(message?.properties).not.toHaveProperty('stamped_headers');
  });

  test('173: are seen by the task', async () => {
    await using s = stage();
    const stamps = s.app.task('stamps', { bind: true }, ({ request }): Value => {
      const { stamps, stampedHeaders } = request;
      return [stamps, [...(stampedHeaders as Value)].toSorted()];
    });

    expect(await valueFrom(stamps.s().stamp(monitoring, { tenant: 'acme' }))).toEqual([
      { monitoring_id: 'm-1', tenant: 'acme' },
      ['monitoring_id', 'tenant'],
    ]);
  });

  test('175: of a task and of what it is replaced by are merged', async () => {
    await using s = stage();
    const sent = watched(s.cloud);
    const replaced = s.app.task('replaced', { bind: true }, (self): Value => {
      self.replace(s.add.s(1, 1).stamp({ inner: 'i', both: 'inner' }));
    });

    expect(await valueFrom(replaced.s().stamp({ outer: 'o', both: 'outer' }))).toBe(2);

    expect(sent[1]?.headers.task).toBe('add');
    expect(sent[1]?.headers.stamps).toEqual({ outer: 'o', inner: 'i', both: 'inner' });
    expect(sent[1]?.headers.stamped_headers.toSorted()).toEqual(['both', 'inner', 'outer']);
  });

  test('survive a retry', async () => {
    await using s = stage();
    const sent = watched(s.cloud);

    expect(await valueFrom(s.retryOnce.s().stamp(monitoring))).toBe(1);

    expect(sent.map(({ headers }) => headers.stamps)).toEqual(times(2, () => ({ monitoring_id: 'm-1' })));
  });
});

describe('stamps of links', () => {
  test.each(['link', 'link_error'] as const)('176: %s added between two stampings', async (kind) => {
    await using s = stage();
    const sent = watched(s.cloud);
    const again: StampingVisitor = { onSignature: () => ({ monitoring_id: '1234', again: true }) };
    const linked = s.identity.si('link');

    const first = s.identity.si('passing').stamp(monitoring);
    const withLink = kind === 'link' ? first.link(linked) : first.linkError(linked);
    expect(await valueFrom(withLink.stamp(again))).toBe('passing');
    await s.cloud.untilIdle();

    const embedded = sent[0]?.embed[kind === 'link' ? 'callbacks' : 'errbacks'][0].options;
    expect(embedded).toMatchObject({
      monitoring_id: '1234',
      again: true,
      stamped_headers: ['monitoring_id', 'again'],
    });
    expect(sent[0]?.headers.stamps).toEqual({ monitoring_id: '1234', again: true });
    expect(sent.slice(1).map(({ headers }) => headers.stamps)).toEqual(
      kind === 'link' ? [{ monitoring_id: '1234', again: true }] : [],
    );
  });

  test('178: that are given as JSON', async () => {
    await using s = stage();
    const sent = watched(s.cloud);

    const canvas = s.identity.si(42).link(s.identity.si(43).toJSON());
    expect(await valueFrom(canvas.stamp({ onSignature: () => ({ on_signature: true }) }))).toBe(42);
    await s.cloud.untilIdle();

    expect(sent.map(({ headers }) => headers.stamps)).toEqual(times(2, () => ({ on_signature: true })));
  });

  test('178: that are given as JSON, for errors', async () => {
    await using s = stage();
    const sent = watched(s.cloud);

    const canvas = s.fail.si().linkError(s.fail.si().toJSON());
    const result = await canvas.stamp({ onSignature: () => ({ on_signature: true }) }).delay();
    await expect(result.get(patience)).rejects.toMatchObject(expectedException);
    await s.cloud.untilIdle();

    expect(sent.map(({ headers }) => headers.stamps)).toEqual(times(2, () => ({ on_signature: true })));
  });
});
