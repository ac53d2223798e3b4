import type { QueueTopology } from '../app/topology.ts';
import { Replaced, Retry } from '../errors/index.ts';
import { silentLogger } from '../log/logger.ts';
import { emptyEmbed } from '../wire/envelope.ts';
import { defaultPriority } from '../wire/priority.ts';
import { noChord } from './replace.ts';
import { requestOf } from './request.ts';
import type { TaskContext } from './task-context.ts';

/** The `self` of a bound task that is called as a plain function: nothing is sent and nothing stored. */
export function directContext(name: string, queue: QueueTopology): TaskContext {
  const id = crypto.randomUUID();
  const envelope = {
    ...{ task: name, id, args: [], kwargs: {}, embed: emptyEmbed, retries: 0, eta: null, expires: null },
    ...{ timeLimit: null, softTimeLimit: null, rootId: id, parentId: null, group: null, groupIndex: null },
    ...{
      ignoreResult: true,
      compression: null,
      queue: queue.name,
      priority: defaultPriority,
      redelivered: false,
      headers: {},
      properties: {},
    },
  };
  return {
    name,
    request: requestOf({ envelope, queue, receives: 0, messageId: '' }, 'direct'),
    signal: new AbortController().signal,
    log: silentLogger,
    updateState: () => Promise.resolve(),
    retry({ exc } = {}) {
      // Nobody would receive the message: the caller gets the reason, as in Celery.
      throw exc ?? new Retry(Date.now());
    },
    replace(signature) {
      throw new Replaced(signature.toJSON());
    },
    addToChord() {
      throw noChord(name);
    },
  };
}
