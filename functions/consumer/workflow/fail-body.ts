import { addressed } from '../../../sdk/call/planned-envelope.ts';
import { worldOf } from '../../../sdk/call/send-planned.ts';
import { revoked } from '../../../sdk/engine/effects.ts';
import { failInstead } from '../../../sdk/engine/fail-instead.ts';
import type { Start } from '../../../sdk/engine/follow-up.ts';
import { type ChordError, TalloError } from '../../../sdk/errors/index.ts';
import { plan } from '../../../sdk/flow/plan.ts';
import type { Scene } from '../scene.ts';
import { chordFailure } from './chord-failure.ts';

/** Ends the body of a chord whose header has failed. One that was revoked with its header is revoked, and calls no error callback. */
export function failBody(body: Start, error: ChordError, scene: Scene): Promise<void> {
  if (!isRevoked(body, scene)) {
    return scene.act(failInstead(body, chordFailure(error, body.signature)));
  }
  return scene.act(failInstead(body, revoked('revoked')).filter(({ kind }) => kind === 'abandon'));
}

/** Whether the first call that would start is revoked. */
function isRevoked({ signature, place }: Start, { app, connection, revocations }: Scene): boolean {
  if (revocations.areNone) return false;
  const now = connection.cloud.clock.now();
  try {
    for (const item of plan(signature, place, worldOf(app, now))) {
      if (item.kind !== 'call') continue;
      const { envelope } = addressed(app, item, now);
      return revocations.find({ envelope, sentAt: now }) !== undefined;
    }
  } catch (error) {
    // What could not have started fails with its header.
    if (!(error instanceof TalloError)) throw error;
  }
  return false;
}
