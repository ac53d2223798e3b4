import { workflowTtl } from '../../../sdk/call/send-planned.ts';
import type { Part } from '../../../sdk/engine/addition.ts';
import type { Ending } from '../../../sdk/flow/buckets.ts';
import { readJoin } from '../../../sdk/flow/join.ts';
import type { Scene } from '../scene.ts';
import { endJoin } from './end-join.ts';
import { tellCelery } from './tell-celery.ts';
import { tellOpen } from './tell-open.ts';

/** Tells a chord that one of its members has ended. Whoever tells it of the last one starts its body. */
export function tell(part: Part, ending: Ending, scene: Scene): Promise<void> {
  const join = readJoin(part.chord);
  if (!join) return tellCelery(part, ending, scene);
  if (join.isOpen) return tellOpen(join, part, { ending, scene });
  const ttl = workflowTtl(scene.connection.cloud.clock.now());
  const onComplete = endJoin.bind(undefined, join, scene);
  return scene.connection.joins.record(join, { index: part.index, ending, ttl, onComplete });
}
