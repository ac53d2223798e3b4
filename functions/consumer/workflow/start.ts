import { sendPlanned, worldOf } from '../../../sdk/call/send-planned.ts';
import { failInstead } from '../../../sdk/engine/fail-instead.ts';
import type { Start } from '../../../sdk/engine/follow-up.ts';
import { tracebackOf } from '../../../sdk/errors/describe-error.ts';
import {
  ArgumentsError,
  ConfigurationError,
  DecodeError,
  EncodeError,
  PayloadTooLargeError,
} from '../../../sdk/errors/index.ts';
import { plan } from '../../../sdk/flow/plan.ts';
import { encodeException } from '../../../sdk/wire/exception.ts';
import type { Scene } from '../scene.ts';
import { withoutEnded } from './without-ended.ts';

/** Starts what follows. What can never be started, such as a call of a queue that there is not, fails instead. */
export async function start(begun: Start, scene: Scene): Promise<void> {
  const { app, connection, delivery, log } = scene;
  const { signature, place } = begun;
  try {
    const planned = plan(signature, place, worldOf(app, connection.cloud.clock.now()));
    const isRepeated = delivery.receives > 1;
    await sendPlanned(app, connection, isRepeated ? withoutEnded(planned, scene) : planned);
  } catch (error) {
    if (!isFinal(error)) throw error;
    log.error('what follows could not be started', { next: signature.task, error });
    const failure = { state: 'FAILURE', result: encodeException(error), traceback: tracebackOf(error) };
    await scene.act(failInstead(begun, failure));
  }
}

/** Whether trying again would change nothing. */
function isFinal(error: unknown): boolean {
  return [ArgumentsError, ConfigurationError, DecodeError, EncodeError, PayloadTooLargeError].some(
    (type) => error instanceof type,
  );
}
