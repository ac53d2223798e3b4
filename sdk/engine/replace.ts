import { ConfigurationError, Replaced } from '../errors/index.ts';
import { readJoin } from '../flow/join.ts';
import type { Envelope } from '../wire/envelope.ts';
import { kindOf, readSignature, type SignatureJson, tasksOf } from '../wire/signature.ts';
import type { Signed, TaskContext } from './task-context.ts';

/** The parts of `self` by which a task changes the workflow that it belongs to. */
export function workflowPart(
  { task, embed }: Envelope,
  added: SignatureJson[],
): Pick<TaskContext, 'addToChord' | 'replace'> {
  return {
    replace(signature) {
      const json = read(signature, 'self.replace');
      if (kindOf(json) === 'chain' && tasksOf(json).length === 0) {
        throw new ConfigurationError(
          `Expected task '${task}' to be replaced by something, got an empty chain.`,
        );
      }
      throw new Replaced(json);
    },
    addToChord(signature) {
      if (!readJoin(embed.chord)) throw noChord(task);
      added.push(read(signature, 'self.addToChord'));
    },
  };
}

/** Says that a task has no chord that could be given another member. */
export function noChord(task: string): ConfigurationError {
  return new ConfigurationError(
    `Expected task '${task}' to be a member of a chord that Tallo joins: only such a chord can be given another member.`,
  );
}

function read(signature: Signed, what: string): SignatureJson {
  const json: unknown = typeof signature?.toJSON === 'function' ? signature.toJSON() : signature;
  try {
    return readSignature(json as SignatureJson);
  } catch (cause) {
    throw new ConfigurationError(`Expected ${what} to be given a signature, such as task.s(1).`, { cause });
  }
}
