import { expect, test } from 'vitest';
import { KnownList } from '../../functions/consumer/revocations/known-list.ts';
import { writeEntry } from '../../sdk/control/entry.ts';
import { createRevokedOutbox } from '../../sdk/control/revoked-outbox.ts';
import { systemClock } from '../../sdk/ports/clock.ts';
import type { Table } from '../../sdk/ports/table.ts';
import { revokedKey } from '../../sdk/wire/keys.ts';
import { MemoryTable } from '../../testing/memory/memory-table.ts';

const clock = systemClock;

function entry(id: string): string {
  return writeEntry({ subject: { id }, terminate: false });
}

function revokeAll(table: Pick<Table, 'change' | 'read'>, count: number, name: string): Promise<unknown> {
  const { add } = createRevokedOutbox({ table, clock });
  return Promise.all(Array.from({ length: count }, (_, i) => add(entry(`${name}-${i}`))));
}

test('what fits into a page that others have turned meanwhile is seen by those who look only at later pages', async () => {
  const table = new MemoryTable();
  await revokeAll(table, 300, 'before');
  const worker = new KnownList({ table, clock });
  // It has read the head, and then others need more room than is left in that page.
  let isFirst = true;
  const change: Table['change'] = async (id, ...more) => {
    if (isFirst && id === revokedKey(0)) {
      isFirst = false;
      await revokeAll(table, 400, 'others');
      await worker.look();
    }
    return table.change(id, ...more);
  };

  await revokeAll({ read: (ids) => table.read(ids), change }, 10, 'slow');
  await worker.look();

  const isKnown = (id: string) =>
    worker.list.find({ id, group: null, task: 't', headers: {} }, 0) !== undefined;
  expect(['before-0', 'others-399', 'slow-0', 'slow-9'].map(isKnown)).toEqual([true, true, true, true]);
});
