import type { Schedule } from '../store/schedule.ts';
import type { Functions } from './functions.ts';
import type { SendScheduled } from './scheduled-message.ts';
import { TargetError } from './target-error.ts';
import { targetKind } from './target-kind.ts';
import { universalMessage } from './universal-message.ts';

export interface Targets {
  readonly functions: Functions;
  readonly send: SendScheduled;
}

/** Invokes a schedule's target with that payload. Rejects if it cannot. */
export async function invokeTarget(targets: Targets, schedule: Schedule, payload: string): Promise<void> {
  const { arn, messageGroupId } = schedule.target;
  switch (targetKind(arn)) {
    case 'queue':
      return targets.send({
        queueArn: arn,
        body: payload,
        ...(messageGroupId !== undefined && { groupId: messageGroupId }),
      });
    case 'function':
      return targets.functions.invoke(arn, payload);
    case 'universal':
      return targets.send(universalMessage(payload, schedule.arn.split(':')[3] ?? ''));
    default:
      throw new TargetError('ValidationException', `There is no target here of the kind ${arn}.`, true);
  }
}
