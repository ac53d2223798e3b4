import type { ITableV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Topology } from '../../sdk/index.ts';
import type { Consumer } from '../functions/consumer.ts';
import type { Scheduler } from '../schedules/scheduler.ts';

/** What a deployment consists of, besides its queues. */
export interface Parts {
  readonly topology: Topology;
  readonly scheduler: Scheduler;
  readonly table: ITableV2 | TableV2;
  /** The functions of the queues that run on Lambda, by the queues' names. */
  readonly consumers: ReadonlyMap<string, Consumer>;
}
