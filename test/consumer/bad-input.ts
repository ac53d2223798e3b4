import { maxEnvelopeBytes } from '../../sdk/wire/size.ts';

/** One message that must not be accepted, and what its dead letter must say. */
export interface BadMessage {
  readonly what: string;
  readonly body: string;
  readonly reason: 'not-understood' | 'not-registered' | 'refused';
  readonly error: RegExp;
  /** The task id, where the message bears one that can be read: its result must become FAILURE. */
  readonly taskId?: string;
}

/** A message of protocol 2, changed where a test wants it. */
export function protocol2(
  change: { task?: string; id?: string; args?: string; kwargs?: string; embed?: string } = {},
): string {
  const { task = 'greet', id = 'id', args = '[{"name":"Ada"}]', kwargs = '{}', embed = 'null' } = change;
  return JSON.stringify({
    body: `[${args},${kwargs},${embed}]`,
    'content-encoding': 'utf-8',
    'content-type': 'application/json',
    headers: { task, id },
    properties: { delivery_info: { routing_key: 'default' } },
  });
}

const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;

/** For an app with one task, `greet`, which takes `{ name: string }` by its schema. */
export const badMessages: readonly BadMessage[] = [
  { what: 'not JSON', body: 'hello', reason: 'not-understood', error: /Expected the message to be JSON/ },
  { what: 'JSON of something else', body: '{"Records":[]}', reason: 'not-understood', error: /protocol 2/ },
  {
    what: "Celery's protocol 1",
    body: JSON.stringify({ task: 'greet', id: 'p1', args: [], kwargs: {} }),
    reason: 'not-understood',
    error: /protocol 2/,
  },
  {
    what: 'an unknown task',
    body: protocol2({ task: 'great', id: 'i1' }),
    reason: 'not-registered',
    error: /\(greet\), got 'great'/,
    taskId: 'i1',
  },
  {
    what: 'arguments that the schema refuses',
    body: protocol2({ id: 'i2', args: '[{"name":7}]' }),
    reason: 'refused',
    error: /expected string, received number/,
    taskId: 'i2',
  },
  {
    what: 'too many arguments',
    body: protocol2({ id: 'i3', args: '[{"name":"a"},2]' }),
    reason: 'refused',
    error: /refused by the schema/,
    taskId: 'i3',
  },
  {
    what: 'keyword arguments that nobody takes',
    body: protocol2({ id: 'i4', kwargs: '{"x":1}' }),
    reason: 'refused',
    error: /takes no keyword arguments, got x/,
    taskId: 'i4',
  },
  {
    what: '__proto__ in the arguments',
    body: protocol2({ id: 'i5', args: '[{"name":"a","__proto__":{"isAdmin":true}}]' }),
    reason: 'not-understood',
    error: /no key '__proto__'/,
    taskId: 'i5',
  },
  {
    what: '__proto__ in the keyword arguments',
    body: protocol2({ id: 'i6', kwargs: '{"__proto__":{"isAdmin":true}}' }),
    reason: 'not-understood',
    error: /no key '__proto__'/,
    taskId: 'i6',
  },
  {
    what: '10,000 levels in the arguments',
    body: protocol2({ id: 'i7', args: `[${deep}]` }),
    reason: 'not-understood',
    error: /at most 500 levels/,
    taskId: 'i7',
  },
  {
    what: '10,000 levels around the message',
    body: deep,
    reason: 'not-understood',
    error: /at most 500 levels/,
  },
  {
    what: 'a value of an unknown type',
    body: protocol2({ id: 'i8', args: '[{"__type__":"model","__value__":1}]' }),
    reason: 'refused',
    error: /known __type__, got 'model'/,
    taskId: 'i8',
  },
  {
    what: 'a body of two',
    body: protocol2({ id: 'i9' }).replace(',null]', ']'),
    reason: 'not-understood',
    error: /\[args, kwargs, embed\]/,
    taskId: 'i9',
  },
  {
    what: 'a chain with a step that is no signature',
    body: protocol2({ id: 'i10', embed: '{"chain":[{"name":"greet"}]}' }),
    reason: 'refused',
    error: /later step of the chain to be a signature/,
    taskId: 'i10',
  },
  // It leaves no room for an explanation of usual length.
  {
    what: 'foreign arguments at the very limit of SQS',
    body: protocol2({ id: 'i11', args: `["${'€'.repeat(Math.floor((maxEnvelopeBytes + 3_000) / 3))}"]` }),
    reason: 'refused',
    error: /expected object/,
    taskId: 'i11',
  },
];
