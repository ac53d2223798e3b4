import { laneFor } from '../../sdk/app/lanes.ts';
import { type Dispatch, dispatch } from '../../sdk/call/dispatch.ts';
import type { Effect } from '../../sdk/engine/effect.ts';
import type { TaskMeta } from '../../sdk/wire/task-meta.ts';
import { claim } from './claim.ts';
import { explainedMessage } from './explain.ts';
import type { Scene } from './scene.ts';
import { rowOf, storeAsCarrier, storeUnlessReady } from './store-row.ts';
import { abandon } from './workflow/abandon.ts';
import { callErrbacks } from './workflow/errbacks.ts';
import { start } from './workflow/start.ts';
import { tell } from './workflow/tell.ts';

/**
 * Carries effects out, one after the other: the next begins when the one before is stored.
 *
 * @returns the end that another delivery has stored before, if this one came too late: the rest was left to that one.
 * @throws PayloadTooLargeError if one is too large for its service; nothing of it has been sent then.
 */
export async function carryOut(
  effects: readonly Effect[],
  given: Omit<Scene, 'act'>,
): Promise<TaskMeta | undefined> {
  const scene: Scene = { ...given, act: (more) => actTogether(more, scene) };
  // Nobody need wait for a row or a part that will not come.
  if (!effects.some((effect) => effect.kind === 'store' && effect.mode === 'blindly')) scene.onRow();
  if (!effects.some(({ kind }) => kind === 'part')) scene.onPart();
  for (const effect of effects) {
    const late = await lateness(effect, scene);
    if (late) return late.end;
    await carryOutOne(effect, scene);
  }
  return undefined;
}

/** What one effect leads to: all at once, so that it shares requests. */
async function actTogether(effects: readonly Effect[], scene: Scene): Promise<void> {
  const underWay = effects.map((effect) => carryOutOne(effect, scene));
  scene.connection.joins.flush();
  await Promise.all(underWay);
}

/** Whether another message carries on instead of this one; with the end that it has stored, where a row tells of it. */
async function lateness(effect: Effect, scene: Scene): Promise<{ end: TaskMeta | undefined } | undefined> {
  if (effect.kind === 'claim') return (await claim(effect.name, scene)) ? undefined : { end: undefined };
  if (effect.kind !== 'store' || effect.mode !== 'as-carrier') return undefined;
  const end = await storeAsCarrier(effect.meta, scene.delivery.sentAt, scene);
  return end === effect.meta ? undefined : { end };
}

async function carryOutOne(effect: Effect, scene: Scene): Promise<void> {
  const { connection, delivery, app } = scene;
  const { queue, body, envelope } = delivery;
  const { clock } = connection.cloud;
  switch (effect.kind) {
    case 'resend': {
      // What came before its time goes on to that very time; what is tried again counts from now.
      const timesVary = effect.envelope.eta !== envelope.eta;
      const place = placeFor(effect, scene);
      return dispatch(effect.envelope, { ...place, at: effect.at, timesVary, isAgain: true }, connection);
    }
    case 'bury': {
      const facts = {
        taskId: envelope.id,
        task: envelope.task,
        attempt: envelope.retries,
        time: clock.now(),
      };
      const message = explainedMessage(body, { ...effect, ...facts });
      return connection.sends.send(queue.deadLetterQueueName, message);
    }
    case 'store': {
      if (effect.mode === 'as-carrier') return;
      if (effect.mode === 'unless-ready') return storeUnlessReady(effect.meta, scene);
      const stored = connection.writes.put(rowOf(effect.meta, app, clock.now()));
      scene.onRow();
      return stored;
    }
    case 'start':
      return start(effect.start, scene);
    case 'abandon':
      return abandon(effect, scene);
    case 'errbacks':
      return callErrbacks(effect, scene);
    case 'part': {
      const told = tell(effect.part, effect.ending, scene);
      scene.onPart();
      return told;
    }
    case 'claim':
      return;
  }
}

/** A call whose priority says nothing of the lane that it came from, since Python knows no lanes, stays there. */
function placeFor(
  { envelope: again, queue: other }: Extract<Effect, { kind: 'resend' }>,
  { app, delivery: { queue, lane, envelope } }: Scene,
): Pick<Dispatch, 'queue' | 'lane'> {
  const moved = other === undefined ? undefined : app.settings.queues.get(other);
  if (moved && moved !== queue) return { queue: moved };
  const stays = again.priority === envelope.priority && laneFor(queue, envelope.priority) !== lane;
  return stays ? { queue, lane } : { queue };
}
