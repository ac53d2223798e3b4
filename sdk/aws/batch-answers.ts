import type { Answer } from '../ports/queues.ts';
import type { BatchReply, FailedEntry } from './sqs-operations.ts';

/** One answer per entry, in the order of the entries. An entry that the reply leaves out has failed. */
export function answersOf(count: number, { Successful = [], Failed = [] }: BatchReply): readonly Answer[] {
  const answers = new Map<string | undefined, Answer>([
    ...Successful.map(({ Id }) => [Id, { ok: true }] as const),
    ...Failed.map((entry) => [entry.Id, refusal(entry)] as const),
  ]);
  return Array.from({ length: count }, (_, index) => answers.get(String(index)) ?? unanswered);
}

const unanswered: Answer = {
  ok: false,
  code: 'NoAnswer',
  message: 'The reply does not name this entry.',
  retryable: true,
};

function refusal({ Code = 'Unknown', Message = '', SenderFault = false }: FailedEntry): Answer {
  return { ok: false, code: Code, message: Message, retryable: !SenderFault };
}
