import type { Condition, Item } from '../../sdk/ports/table.ts';

export const ready = ['SUCCESS', 'FAILURE', 'REVOKED'];
export const unlessReady = { unless: { attribute: 'status', isOneOf: ready } };
const unlessReadyLately = {
  unless: { attribute: 'status', isOneOf: ready, olderThan: { attribute: 'written', value: 100 } },
};
export const unlessMember = { unless: { attribute: 'members', contains: 7 } };
const unlessHigh = { unless: { attribute: 'level', atLeast: 100 } };
const onlyHigh = { only: { attribute: 'level', atLeast: 100 } };
const onlyAboveLow = { only: { attribute: 'level', atLeast: -1.5 } };
const onlyOpen = { only: { attribute: 'state', isOneOf: ['open', '7', 8] } };
const unlessTagged = { unless: { attribute: 'tags', contains: 'a' } };
export const unlessDone = { unless: { attribute: 'done', exists: true } } as const;

/** A condition, the row that it meets, and whether a write may happen. */
export const conditionCases: [string, Condition, Item | undefined, boolean][] = [
  ['absent: the row is missing', { absent: true }, undefined, true],
  ['absent: the row is there', { absent: true }, { id: 'row' }, false],
  ['one of: the row is missing', unlessReady, undefined, true],
  ['one of: the attribute is missing', unlessReady, { id: 'row' }, true],
  ['one of: another value', unlessReady, { id: 'row', status: 'STARTED' }, true],
  ['one of: the first value', unlessReady, { id: 'row', status: 'SUCCESS' }, false],
  ['one of: the last value', unlessReady, { id: 'row', status: 'REVOKED' }, false],
  [
    'one of none: any value',
    { unless: { attribute: 'status', isOneOf: [] } },
    { id: 'row', status: 'SUCCESS' },
    true,
  ],
  ['older than: the row is missing', unlessReadyLately, undefined, true],
  [
    'older than: another value, and younger',
    unlessReadyLately,
    { id: 'row', status: 'RETRY', written: 101 },
    true,
  ],
  [
    'older than: the value, and older',
    unlessReadyLately,
    { id: 'row', status: 'SUCCESS', written: 99.9 },
    true,
  ],
  [
    'older than: the value, and as old',
    unlessReadyLately,
    { id: 'row', status: 'SUCCESS', written: 100 },
    false,
  ],
  [
    'older than: the value, and younger',
    unlessReadyLately,
    { id: 'row', status: 'SUCCESS', written: 101 },
    false,
  ],
  ['older than: the value, of no age', unlessReadyLately, { id: 'row', status: 'SUCCESS' }, false],
  [
    'older than: the value, of an age that is text',
    unlessReadyLately,
    { id: 'row', status: 'SUCCESS', written: '1' },
    false,
  ],
  ['contains: the row is missing', unlessMember, undefined, true],
  ['contains: the attribute is missing', unlessMember, { id: 'row' }, true],
  ['contains: other numbers', unlessMember, { id: 'row', members: new Set([1, 77]) }, true],
  ['contains: the number', unlessMember, { id: 'row', members: new Set([1, 7]) }, false],
  ['contains: the number as text', unlessMember, { id: 'row', members: new Set(['7']) }, true],
  ['contains: other texts', unlessTagged, { id: 'row', tags: new Set(['ab', 'A']) }, true],
  ['contains: the text', unlessTagged, { id: 'row', tags: new Set(['b', 'a']) }, false],
  ['exists: the row is missing', unlessDone, undefined, true],
  ['exists: the attribute is missing', unlessDone, { id: 'row', other: 1 }, true],
  ['exists: the attribute is there', unlessDone, { id: 'row', done: 'yes' }, false],
  ['exists: the attribute is empty', unlessDone, { id: 'row', done: '' }, false],
  ['exists: the attribute is false', unlessDone, { id: 'row', done: false }, false],
  ['at least: the row is missing', unlessHigh, undefined, true],
  ['at least: the attribute is missing', unlessHigh, { id: 'row' }, true],
  ['at least: text', unlessHigh, { id: 'row', level: '101' }, true],
  ['at least: a set', unlessHigh, { id: 'row', level: new Set([101]) }, true],
  ['at least: below', unlessHigh, { id: 'row', level: 99.9 }, true],
  ['at least: equal', unlessHigh, { id: 'row', level: 100 }, false],
  ['at least: above', unlessHigh, { id: 'row', level: 100.1 }, false],
  ['only at least: the row is missing', onlyHigh, undefined, false],
  ['only at least: the attribute is missing', onlyHigh, { id: 'row' }, false],
  ['only at least: text', onlyHigh, { id: 'row', level: '101' }, false],
  ['only at least: a set', onlyHigh, { id: 'row', level: new Set([101]) }, false],
  ['only at least: below', onlyHigh, { id: 'row', level: 99.9 }, false],
  ['only at least: equal', onlyHigh, { id: 'row', level: 100 }, true],
  ['only at least: above', onlyHigh, { id: 'row', level: 100.1 }, true],
  ['only at least a negative: below', onlyAboveLow, { id: 'row', level: -1.6 }, false],
  ['only at least a negative: nothing of it', onlyAboveLow, { id: 'row', level: 0 }, true],
  ['only one of: the row is missing', onlyOpen, undefined, false],
  ['only one of: the attribute is missing', onlyOpen, { id: 'row' }, false],
  ['only one of: another text', onlyOpen, { id: 'row', state: 'opened' }, false],
  ['only one of: another number', onlyOpen, { id: 'row', state: 9 }, false],
  ['only one of: the text', onlyOpen, { id: 'row', state: 'open' }, true],
  ['only one of: the number', onlyOpen, { id: 'row', state: 8 }, true],
  ['only one of: the number as text', onlyOpen, { id: 'row', state: '8' }, false],
  ['only one of: the text as number', onlyOpen, { id: 'row', state: 7 }, false],
  ['only one of: a set with it', onlyOpen, { id: 'row', state: new Set(['open']) }, false],
  [
    'only one of none: any value',
    { only: { attribute: 'state', isOneOf: [] } },
    { id: 'row', state: 'open' },
    false,
  ],
  ['only one of none: the row is missing', { only: { attribute: 'state', isOneOf: [] } }, undefined, false],
];
