import { expect, test } from 'vitest';
import { toAttributeValue, toItem } from '../../sdk/aws/attribute-value.ts';
import { answersOf } from '../../sdk/aws/batch-answers.ts';
import { EncodeError } from '../../sdk/errors/index.ts';

test('answers in the order of the entries, whatever the order of the reply', () => {
  const reply = {
    Successful: [{ Id: '2' }, { Id: '0' }],
    Failed: [{ Id: '1', Code: 'InvalidMessageContents', Message: 'no', SenderFault: true }],
  };

  const answers = answersOf(3, reply);

  expect(answers).toEqual([
    { ok: true },
    { ok: false, code: 'InvalidMessageContents', message: 'no', retryable: false },
    { ok: true },
  ]);
});

test('takes an entry that the reply does not name as failed, to be tried again', () => {
  const answers = answersOf(2, { Successful: [{ Id: '1' }] });

  expect(answers).toEqual([expect.objectContaining({ ok: false, retryable: true }), { ok: true }]);
});

test('lets an entry be tried again that the service itself failed', () => {
  const answers = answersOf(1, { Failed: [{ Id: '0', Code: 'InternalError', SenderFault: false }] });

  expect(answers).toEqual([expect.objectContaining({ ok: false, code: 'InternalError', retryable: true })]);
});

test('leaves out what other writers put into a row and we do not read', () => {
  const others = { list: { L: [] }, nothing: { NULL: true } } as Record<string, object>;

  const item = toItem({ id: { S: 'row' }, result: { B: 'AQ==' }, ...others });

  expect(item).toEqual({ id: 'row', result: new Uint8Array([1]) });
});

test('refuses an empty set', () => {
  expect(() => toAttributeValue(new Set<number>())).toThrow(EncodeError);
});
