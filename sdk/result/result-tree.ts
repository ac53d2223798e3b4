import { ConfigurationError, DecodeError } from '../errors/index.ts';
import { bodyOf, headerOf, kindOf, memberId, type SignatureJson, tasksOf } from '../wire/signature.ts';
import { AsyncResult } from './async-result.ts';
import { GroupResult } from './group-result.ts';
import type { Result } from './result.ts';
import type { ResultSource } from './result-source.ts';

/**
 * The handle on what a frozen signature will give: that of a chain's last step, of a group, of a chord's body. Its parents are the
 * steps before, in Celery's order: what a chord waits for stands before the first step of its body.
 *
 * @throws ConfigurationError for a chain without steps, DecodeError for a signature that has no id
 */
export function resultOf(frozen: SignatureJson, source: ResultSource, parent: Result | null = null): Result {
  switch (kindOf(frozen)) {
    case 'task':
      return taskResult(frozen, source, { id: idOf(frozen), parent });
    case 'chain':
      return lastResult(frozen, source, parent);
    case 'group':
      return groupResult(frozen, source, parent);
    case 'chord':
      return resultOf(bodyOf(frozen), source, groupResult(headerOf(frozen), source, parent));
  }
}

function taskResult(
  { task, options }: SignatureJson,
  source: ResultSource,
  { id, parent }: { id: string; parent: Result | null },
): AsyncResult {
  const ignored = options.ignore_result === true || (source.taskNamed(task)?.ignoreResult ?? false);
  return new AsyncResult(id, source, { task, parent, ignored });
}

function lastResult(chain: SignatureJson, source: ResultSource, parent: Result | null): Result {
  const [first, ...others] = tasksOf(chain);
  if (!first) throw new ConfigurationError('Expected a chain to have at least one step, got none.');
  return others.reduce((before, step) => resultOf(step, source, before), resultOf(first, source, parent));
}

function groupResult(group: SignatureJson, source: ResultSource, parent: Result | null): GroupResult {
  const id = idOf(group);
  const resultOfMember = (member: SignatureJson, index: number) => {
    if (kindOf(member) !== 'task' || typeof member.options.task_id === 'string')
      return resultOf(member, source, parent);
    return taskResult(member, source, { id: memberId(id, index), parent });
  };
  return new GroupResult(id, source, { parent, results: () => tasksOf(group).map(resultOfMember) });
}

function idOf({ task, options }: SignatureJson): string {
  if (typeof options.task_id === 'string') return options.task_id;
  throw new DecodeError(`Expected a frozen signature of ${task} to have an id (options.task_id), got none.`);
}
