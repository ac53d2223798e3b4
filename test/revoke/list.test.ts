import { describe, expect, test } from 'vitest';
import { type Entry, readEntry, writeEntry } from '../../sdk/control/entry.ts';
import { RevokedList } from '../../sdk/control/revoked-list.ts';

const call = { id: 'i', group: null, task: 't', headers: {} };

function listOf(...entries: readonly Entry[]): RevokedList {
  const list = new RevokedList();
  for (const entry of entries) list.add(entry);
  return list;
}

describe('an entry', () => {
  test.each<Entry>([
    { subject: { id: 'a "b"' }, terminate: false },
    { subject: { group: 'g' }, terminate: true },
    { subject: { task: 'reports.daily', before: 12.5 }, terminate: false },
    { subject: { header: 'tenant', value: null, before: 1 }, terminate: false },
    { subject: { header: 'tenant', value: ['a', 1], before: 1 }, terminate: true },
  ])('is read as it was written: %j', (entry) => {
    expect(readEntry(writeEntry(entry))).toEqual(entry);
  });

  test('of a later version is skipped', () => {
    expect(readEntry('{"queue":"q"}')).toBeUndefined();
    expect(readEntry('{"task":"t"}')).toBeUndefined();
    expect(readEntry('["id"]')).toBeUndefined();
  });

  test('of one call takes little room', () => {
    const text = writeEntry({ subject: { id: crypto.randomUUID() }, terminate: false });

    expect(text.length).toBeLessThan(50);
  });
});

describe('the list', () => {
  test('knows calls by id and by group, whenever they were made', () => {
    const list = listOf(
      { subject: { id: 'i' }, terminate: false },
      { subject: { group: 'g' }, terminate: true },
    );

    expect(list.find(call, 1e15)).toEqual({ terminate: false });
    expect(list.find({ ...call, id: 'j', group: 'g' }, 1e15)).toEqual({ terminate: true });
    expect(list.find({ ...call, id: 'g', group: 'i' }, 0)).toBeUndefined();
    expect(list.find({ ...call, id: 't' }, 0)).toBeUndefined();
  });

  test('knows calls of a task that were made up to an instant', () => {
    const list = listOf(
      { subject: { task: 't', before: 100 }, terminate: true },
      { subject: { task: 't', before: 200 }, terminate: false },
      { subject: { task: 't', before: 50 }, terminate: false },
    );

    expect(list.find(call, 100)).toEqual({ terminate: true });
    expect(list.find(call, 101)).toEqual({ terminate: false });
    expect(list.find(call, 201)).toBeUndefined();
    expect(list.find({ ...call, task: 'u' }, 1)).toBeUndefined();
  });

  test.each([
    ['a header of the caller', { tenant: 'acme' }, true],
    ['a stamp', { stamps: { tenant: 'acme' }, stamped_headers: ['tenant'] }, true],
    ['a member of a stamp that is a list', { stamps: { tenant: ['umbrella', 'acme'] } }, true],
    ['a stamp beside a header of the same name', { tenant: 'x', stamps: { tenant: 'acme' } }, true],
    ['another value', { tenant: 'umbrella' }, false],
    ['a value of another type', { tenant: ['["acme"]', { acme: 1 }] }, false],
    ['another header', { customer: 'acme' }, false],
    ['a header of the protocol', { origin: 'acme' }, false],
    ['no header', {}, false],
  ])('knows calls by %s', (_what, headers, isKnown) => {
    const list = listOf(
      { subject: { header: 'tenant', value: 'acme', before: 100 }, terminate: false },
      { subject: { header: 'origin', value: 'acme', before: 100 }, terminate: false },
    );

    expect(list.find({ ...call, headers }, 100)).toEqual(isKnown ? { terminate: false } : undefined);
    expect(list.find({ ...call, headers }, 101)).toBeUndefined();
  });

  test('tells numbers from texts', () => {
    const list = listOf({ subject: { header: 'n', value: 42, before: 1 }, terminate: false });

    expect(list.find({ ...call, headers: { n: 42 } }, 0)).toBeDefined();
    expect(list.find({ ...call, headers: { n: '42' } }, 0)).toBeUndefined();
  });

  test('does not forget that running tasks are to be aborted', () => {
    const list = listOf(
      { subject: { id: 'i' }, terminate: true },
      { subject: { id: 'i' }, terminate: false },
    );

    expect(list.find(call, 0)).toEqual({ terminate: true });
  });
});
