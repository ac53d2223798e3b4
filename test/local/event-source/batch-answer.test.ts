import { describe, expect, test } from 'vitest';
import { failedBatch, readBatchAnswer } from '../../../functions/event-source/batch-answer.ts';
import { sqsEvent } from '../../../functions/event-source/sqs-event.ts';

const event = sqsEvent(['first', 'second', 'third'].map(message), {
  queueName: 'store-default',
  region: 'us-east-1',
  account: '000000000000',
});
const everything = ['first', 'second', 'third'];

function message(messageId: string) {
  return { messageId, handle: `handle of ${messageId}`, body: '', attributes: {}, receives: 1, sentAt: 0 };
}

function cycle(): unknown {
  const answer: Record<string, unknown> = {};
  answer.self = answer;
  return answer;
}

describe('an answer that means success', () => {
  const answers: readonly (readonly [string, unknown])[] = [
    ['nothing', undefined],
    ['null', null],
    ['an empty object', {}],
    ['an empty list of failures', { batchItemFailures: [] }],
    ['null for the list of failures', { batchItemFailures: null }],
    ['undefined for the list of failures, which JSON leaves out', { batchItemFailures: undefined }],
    ['an empty text', ''],
    ['an empty list', []],
  ];

  test.each(answers)('%s deletes the whole batch', (_what, answer) => {
    const verdict = readBatchAnswer(event, answer);

    expect(verdict).toEqual({ deleted: everything, returned: [] });
  });
});

describe('an answer that names failures', () => {
  test('returns the messages that it names and deletes the others', () => {
    const verdict = readBatchAnswer(event, { batchItemFailures: [{ itemIdentifier: 'second' }] });

    expect(verdict).toEqual({ deleted: ['first', 'third'], returned: ['second'] });
  });

  test('may name a message twice', () => {
    const failure = { itemIdentifier: 'first' };

    const verdict = readBatchAnswer(event, { batchItemFailures: [failure, failure] });

    expect(verdict).toEqual({ deleted: ['second', 'third'], returned: ['first'] });
  });

  test('may name all messages, which is no failure of the batch', () => {
    const batchItemFailures = everything.map((itemIdentifier) => ({ itemIdentifier }));

    const verdict = readBatchAnswer(event, { batchItemFailures });

    expect(verdict).toEqual({ deleted: [], returned: everything });
  });

  test('may hold other things, which are not looked at', () => {
    const verdict = readBatchAnswer(event, {
      statusCode: 200,
      batchItemFailures: [{ itemIdentifier: 'third', reason: 'late' }],
    });

    expect(verdict.returned).toEqual(['third']);
  });
});

describe('an answer that fails the whole batch', () => {
  const failing = (...batchItemFailures: unknown[]) => ({ batchItemFailures });
  const answers: readonly (readonly [string, unknown])[] = [
    ['an empty identifier', failing({ itemIdentifier: '' })],
    ['a null identifier', failing({ itemIdentifier: null })],
    ['an identifier under another key', failing({ itemIdentifer: 'first' })],
    ['an identifier that is no message of the batch', failing({ itemIdentifier: 'fourth' })],
    ['an identifier that is no text', failing({ itemIdentifier: 1 })],
    ['an identifier that is not in an object', failing('first')],
    ['a failure that is null', failing(null)],
    ['one wrong identifier among right ones', failing({ itemIdentifier: 'first' }, { itemIdentifier: '' })],
    ['failures that are no list', { batchItemFailures: { itemIdentifier: 'first' } }],
    ['failures under another key', { BatchItemFailures: [{ itemIdentifier: 'first' }] }],
    ['a text', 'done'],
    ['a number', 3],
    ['a truth value', true],
    ['a cycle, which is no JSON', cycle()],
    ['a BigInt, which is no JSON', failing({ itemIdentifier: 1n })],
  ];

  test.each(answers)('%s returns everything and says why', (_what, answer) => {
    const verdict = readBatchAnswer(event, answer);

    expect(verdict).toEqual({
      deleted: [],
      returned: everything,
      failure: expect.stringMatching(/^expected /),
    });
  });

  test('is quoted in the reason, in short', () => {
    const verdict = readBatchAnswer(event, failing({ itemIdentifier: 'x'.repeat(1_000) }));

    expect(verdict.failure).toContain('{"itemIdentifier":"xxx');
    expect(verdict.failure?.length).toBeLessThan(200);
  });
});

test('a handler that failed returns everything with the reason', () => {
  const verdict = failedBatch(event, 'Error: no');

  expect(verdict).toEqual({ deleted: [], returned: everything, failure: 'Error: no' });
});
