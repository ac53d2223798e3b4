import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { cloudTrouble } from '../../cli/output/cloud-trouble.ts';
import { type AwsError, isAwsError } from '../../sdk/aws/http/aws-error.ts';
import { readRefusal } from '../../sdk/aws/http/read-refusal.ts';
import { signedRequests } from '../../sdk/aws/http/signed-requests.ts';
import { answering, ask, moodyServer, optionsFor, quickClock, refusing } from './moody-server.ts';

function refusal(status: number, body: unknown, headers: Record<string, string> = {}): AwsError {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return readRefusal({ status, headers, body: Buffer.from(text) }, 'sqs.Test');
}

describe('the name of an error', () => {
  test.for([
    [
      'DynamoDB',
      { __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException' },
      {},
      'ResourceNotFoundException',
    ],
    [
      'SQS',
      { __type: 'com.amazonaws.sqs#QueueDoesNotExist' },
      { 'x-amzn-query-error': 'AWS.SimpleQueueService.NonExistentQueue;Sender' },
      'QueueDoesNotExist',
    ],
    [
      'an emulator with the older codes alone',
      {},
      { 'x-amzn-query-error': 'AWS.SimpleQueueService.NonExistentQueue;Sender' },
      'QueueDoesNotExist',
    ],
    [
      'an emulator with the older codes as type',
      { __type: 'AWS.SimpleQueueService.NonExistentQueue' },
      {},
      'QueueDoesNotExist',
    ],
    [
      'an emulator that is told of another queue',
      { __type: 'com.amazonaws.sqs#QueueAlreadyExists' },
      {},
      'QueueNameExists',
    ],
    [
      'SQS, with a prefix',
      { __type: 'AWS.SimpleQueueService.BatchRequestTooLong' },
      {},
      'BatchRequestTooLong',
    ],
    [
      'Scheduler',
      { Message: 'x' },
      { 'x-amzn-errortype': 'ConflictException:http://internal.amazon.com/coral/' },
      'ConflictException',
    ],
    [
      'a gateway',
      { message: 'Forbidden' },
      { 'x-amzn-errortype': 'ForbiddenException' },
      'ForbiddenException',
    ],
    ['a code in the body', { code: 'Throttling' }, {}, 'Throttling'],
    [
      'S3',
      '<?xml version="1.0"?>\n<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>',
      {},
      'NoSuchKey',
    ],
    ['nobody', '', {}, 'Http400'],
    ['a proxy', '<html><body>nginx</body></html>', {}, 'Http400'],
    ['JSON that is no object', '"no"', {}, 'Http400'],
  ] as const)('as %s writes it', ([, body, headers, name]) => {
    expect(refusal(400, body, headers)).toMatchObject({ name, status: 400 });
  });
});

test('has the message, the request and its id, whatever the case of the message’s name', () => {
  const error = refusal(400, { __type: 'a#B', Message: 'no' }, { 'x-amzn-requestid': 'id' });

  expect(error).toMatchObject({ message: 'no', request: 'sqs.Test', requestId: 'id' });
  expect(isAwsError(error, 'B')).toBe(true);
  expect(isAwsError(error, 'C')).toBe(false);
  expect(refusal(404, '<Error><Code>A</Code><Message>gone</Message></Error>').message).toBe('gone');
  expect(refusal(502, 'x'.repeat(9_000)).message.length).toBe(500);
  expect(refusal(500, '').message).toBe('The answer was empty, its status 500.');
});

test('prints what a person wants to know', () => {
  const error = refusal(
    400,
    { __type: 'a#ValidationException', message: 'no' },
    { date: new Date(0).toUTCString() },
  );

  expect(inspect(error)).toMatch(/^ValidationException: no\n/);
  expect(inspect(error)).toContain("request: 'sqs.Test'");
  expect(inspect(error)).not.toMatch(/serverTime|Symbol/);
});

test('the command line tells a refusal from an address that does not answer', async () => {
  expect(cloudTrouble(refusal(400, { __type: 'a#ValidationException', message: 'no' }))).toEqual({
    name: 'ValidationException',
    message: 'The cloud refused: ValidationException: no',
  });
  const server = await moodyServer(answering(200));
  await server[Symbol.asyncDispose]();
  const error = await signedRequests(optionsFor(server))
    .send(ask)
    .catch((reason: unknown) => reason);
  expect(cloudTrouble(error)?.message).toMatch(
    /could not be reached: .*ECONNREFUSED.*Is 'tallo dev' running/,
  );
  expect(cloudTrouble(new Error('another'))).toBeUndefined();
});

describe('a clock that is wrong', () => {
  const hour = 3_600_000;
  const dated = (code: string) => refusing(403, code, { date: new Date().toUTCString() });
  const signedAt = (header: string | string[] | undefined) =>
    Date.parse(String(header).replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z'));

  test.for(['InvalidSignatureException', 'RequestTimeTooSkewed', 'SignatureDoesNotMatch', 'RequestExpired'])(
    'is corrected by the date of %s, once and for all requests that follow',
    async (code) => {
      await using server = await moodyServer(dated(code), answering(200, {}));
      const clock = quickClock(() => Date.now() - hour);
      const requests = signedRequests(optionsFor(server, clock));

      await requests.send(ask);
      await requests.send(ask);

      expect(server.arrived.length).toBe(3);
      const offsets = server.arrived.map(({ headers }) =>
        Math.round((Date.now() - signedAt(headers['x-amz-date'])) / hour),
      );
      expect(offsets).toEqual([1, 0, 0]);
      // It is no failure of the service, and waits for nothing.
      expect(clock.pauses).toEqual([]);
      await requests.close();
    },
  );

  test('is corrected for all that were under way', async () => {
    await using server = await moodyServer(
      dated('RequestExpired'),
      dated('RequestExpired'),
      answering(200, {}),
    );
    const requests = signedRequests(
      optionsFor(
        server,
        quickClock(() => Date.now() + hour),
      ),
    );

    await Promise.all([requests.send(ask), requests.send(ask)]);

    expect(server.arrived.length).toBe(4);
    await requests.close();
  });

  test('is not blamed where it is right: a wrong key stays wrong', async () => {
    await using server = await moodyServer(dated('InvalidSignatureException'));
    const requests = signedRequests(optionsFor(server));

    await expect(requests.send(ask)).rejects.toMatchObject({ name: 'InvalidSignatureException' });

    expect(server.arrived.length).toBe(1);
    await requests.close();
  });

  test('is asked about once: a service that is never content is believed then', async () => {
    await using server = await moodyServer(
      refusing(403, 'RequestExpired', { date: new Date(0).toUTCString() }),
      refusing(403, 'RequestExpired', { date: new Date(hour).toUTCString() }),
    );
    const requests = signedRequests(optionsFor(server));

    await expect(requests.send(ask)).rejects.toMatchObject({ name: 'RequestExpired' });

    expect(server.arrived.length).toBe(2);
    await requests.close();
  });
});
