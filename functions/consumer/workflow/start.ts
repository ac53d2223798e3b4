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
import { hasLeaf } from '../../../sdk/flow/joined-by.ts';
import { unpagedWholly } from '../../../sdk/flow/pages.ts';
import type { Place } from '../../../sdk/flow/place.ts';
import { plan } from '../../../sdk/flow/plan.ts';
import type { World } from '../../../sdk/flow/planned.ts';
import type { Table } from '../../../sdk/ports/table.ts';
import { encodeException } from '../../../sdk/wire/exception.ts';
import type { Scene } from '../scene.ts';
import { withoutEnded } from './without-ended.ts';

/** Starts what follows. What can never be started, such as a call of a queue that there is not, fails instead. */
export async function start(begun: Start, scene: Scene): Promise<void> {
  const { app, connection, delivery, log } = scene;
  const { signature } = begun;
  try {
    const world = worldOf(app, connection.cloud.clock.now());
    const place = await placeFor(begun, world, connection.cloud.table);
    const planned = plan(signature, place, world);
    const isRepeated = delivery.receives > 1;
    await sendPlanned(app, connection, isRepeated ? withoutEnded(planned, scene) : planned);
  } catch (error) {
    if (!isFinal(error)) throw error;
    log.error('what follows could not be started', { next: signature.task, error });
    const failure = { state: 'FAILURE', result: encodeException(error), traceback: tracebackOf(error) };
    await scene.act(failInstead(begun, failure));
  }
}

/** Celery's workers do not know of pages: where they have a part in what starts, what comes later is written out. */
async function placeFor(
  { signature, place }: Start,
  world: World,
  table: Pick<Table, 'read'>,
): Promise<Place> {
  if (!hasLeaf(signature, world.isServedByCelery)) return place;
  return { ...place, chain: await unpagedWholly(place.chain, table) };
}

/** Whether trying again would change nothing. */
function isFinal(error: unknown): boolean {
  return [ArgumentsError, ConfigurationError, DecodeError, EncodeError, PayloadTooLargeError].some(
    (type) => error instanceof type,
  );
}
