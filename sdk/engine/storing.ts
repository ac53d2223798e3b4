import { createHash } from 'node:crypto';
import { withoutReferences } from '../flow/results-reference.ts';
import type { State } from '../result/states.ts';
import type { TaskDefinition } from '../task/task-definition.ts';
import type { Envelope } from '../wire/envelope.ts';
import type { Json } from '../wire/json.ts';
import { pendingMeta, type ResultTuple, type TaskMeta } from '../wire/task-meta.ts';
import type { Delivery } from './delivery.ts';
import type { Circumstances, Effect, Failure, StoreMode } from './effect.ts';

/** A row without an ending, for states along the way. */
export function newMeta({ id, task, parentId, group, retries }: Envelope, queue: string): TaskMeta {
  return { ...pendingMeta(id), parentId, groupId: group, name: task, queue, retries };
}

/** An end as it will be stored. */
export interface End extends Failure {
  readonly children: readonly ResultTuple[];
  readonly added: Json;
}

/** The row of an end. */
export function storing(
  ending: End,
  { envelope, queue, messageId }: Delivery,
  circumstances: Circumstances & { readonly isFollowed: boolean },
): readonly Effect[] {
  const { isFollowed, extended, now, worker } = circumstances;
  // Where results are ignored no row tells reliably who carries on: a claim does, whatever the end.
  const isIgnored = envelope.ignoreResult || (circumstances.task?.ignoreResult ?? false);
  const claims: Effect[] = isIgnored && isFollowed ? [{ kind: 'claim', name: `${envelope.id}-ended` }] : [];
  if (!isStored(ending.state, envelope, circumstances.task)) return claims;
  const meta: TaskMeta = {
    ...newMeta(envelope, queue.name),
    ...ending,
    dateDone: new Date(now),
    ...(isFollowed ? { message: messageId, workflow: workflowMark(envelope) } : {}),
    ...(extended ? { args: withoutReferences(envelope.args), kwargs: envelope.kwargs, worker } : {}),
  };
  const mode = isIgnored ? 'unless-ready' : modeOf(ending.state, circumstances);
  return [...claims, { kind: 'store', meta, mode }];
}

/** Tells what follows a call from what follows another one of the same id. */
export function workflowMark({ embed, group, groupIndex }: Envelope): string {
  const text = JSON.stringify([embed, group, groupIndex]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}

/** Without a look at the row is right only where nothing better can be in it, and nothing follows. */
function modeOf(
  state: State,
  { isFollowed, isFirst }: { readonly isFollowed: boolean; readonly isFirst: boolean },
): StoreMode {
  if (isFollowed) return 'as-carrier';
  return state === 'SUCCESS' && isFirst ? 'blindly' : 'unless-ready';
}

/** A call or a task may ask for no result; its errors are kept if the task says so, or a chord must tell of them. */
export function isStored(
  state: State,
  { ignoreResult, embed }: Envelope,
  task: TaskDefinition | undefined,
): boolean {
  if (!ignoreResult && !task?.ignoreResult) return true;
  if (state === 'SUCCESS') return false;
  return (task?.storeErrorsEvenIfIgnored ?? false) || (state !== 'RETRY' && embed.chord !== null);
}
