import type { Delivery } from '../engine/delivery.ts';
import type { Failure } from '../engine/effect.ts';
import { failInstead } from '../engine/fail-instead.ts';
import type { Start } from '../engine/follow-up.ts';
import { readSignatures } from '../wire/signature.ts';
import { abandon } from './abandon.ts';
import { callErrbacks } from './call-errbacks.ts';
import type { End } from './end.ts';
import type { Scene } from './scene.ts';

/** Lets a signature fail instead of starting it. What follows it is left to whoever runs that. */
export async function fail(
  { signature, place }: Start,
  { failure, by }: { failure: Failure; by: Delivery },
  scene: Scene,
): Promise<End> {
  for (const effect of failInstead({ signature, place: { ...place, chain: [] } }, failure)) {
    if (effect.kind === 'abandon') abandon(readSignatures(effect.chain), failure, scene);
    if (effect.kind === 'errbacks') await callErrbacks(effect, by, scene);
  }
  return { ended: { kind: 'failed', failure, delivery: by }, added: [], by };
}
