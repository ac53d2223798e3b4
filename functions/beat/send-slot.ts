import type { AppCore } from '../../sdk/app/app-core.ts';
import type { Connection } from '../../sdk/app/connection.ts';
import { sendPlanned, worldOf } from '../../sdk/call/send-planned.ts';
import { derivedIds } from '../../sdk/flow/derived-ids.ts';
import { freeze } from '../../sdk/flow/freeze.ts';
import { nowhere } from '../../sdk/flow/place.ts';
import { plan } from '../../sdk/flow/plan.ts';
import type { Planned } from '../../sdk/flow/planned.ts';
import { marksHeader } from '../../sdk/wire/envelope.ts';
import { writeInstant } from '../../sdk/wire/instant.ts';
import { isJsonObject, type JsonObject } from '../../sdk/wire/json.ts';
import type { SignatureJson } from '../../sdk/wire/signature.ts';

/** A slot of an entry, epoch milliseconds. */
export interface Slot {
  readonly entry: string;
  readonly at: number;
}

/**
 * Starts what an entry starts, for one slot. All its ids follow from the slot: whoever does it again sends the same calls, and their
 * copies do not run.
 */
export async function sendSlot(
  app: AppCore,
  signature: SignatureJson,
  { slot, connection }: { readonly slot: Slot; readonly connection: Connection },
): Promise<void> {
  const now = connection.cloud.clock.now();
  const id = slotId(slot);
  const frozen = freeze(signature, derivedIds(id), id);
  await sendPlanned(app, connection, timed(plan(frozen, nowhere, worldOf(app, now)), slot, now));
}

/** The id of a slot's result: `beat-daily-report-20260704T080000Z`. */
export function slotId({ entry, at }: Slot): string {
  return `beat-${entry}-${new Date(at).toISOString().replace(/[-:]|\.000/g, '')}`;
}

function* timed(planned: Iterable<Planned>, slot: Slot, now: number): Generator<Planned> {
  for (const item of planned)
    yield item.kind === 'call' ? { ...item, options: optionsAt(item.options, slot, now) } : item;
}

/** Lengths of time count from the slot. One that was missed is not over before it is sent. */
function optionsAt(options: JsonObject, { entry, at }: Slot, now: number): JsonObject {
  const { countdown, expires, headers, ...others } = options;
  const wait = typeof countdown === 'number' ? countdown * 1_000 : 0;
  return {
    ...others,
    // Also one in the past: the task can read its slot there.
    eta: writeInstant(at + wait),
    ...(expires !== undefined && {
      expires: typeof expires === 'number' ? writeInstant(Math.max(at, now) + expires * 1_000) : expires,
    }),
    headers: {
      ...(isJsonObject(headers) && headers),
      periodic_task_name: entry,
      [marksHeader]: { dedupe: true },
    },
  };
}
