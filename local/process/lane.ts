import { Heartbeat } from '../../functions/process/heartbeat.ts';
import { lanesAsQueues } from '../../sdk/app/lanes.ts';
import { readOptions, type Settings } from '../event-source/options.ts';
import { patientReceive, type Receive } from '../event-source/receive.ts';
import type { ProcessSourceOptions } from './options.ts';

/** One lane of a queue: an SQS queue of its own, with what keeps its messages hidden. */
export interface Lane {
  readonly settings: Settings;
  readonly heartbeat: Heartbeat;
  readonly receive: Receive;
}

/** The lanes of the queue, the most urgent first. */
export function openLanes(options: ProcessSourceOptions, signal: AbortSignal): readonly Lane[] {
  const { queues, clock, log } = options;
  return lanesAsQueues(options.queue).map((queue) => {
    const settings = readOptions({ ...options, queue });
    const { queueName, visibilitySeconds } = queue;
    return {
      settings,
      heartbeat: new Heartbeat({ queues, clock, log, queueName, visibilitySeconds }),
      receive: patientReceive(settings, signal),
    };
  });
}
