import type { AppCore } from '../../sdk/app/app-core.ts';
import type { Connection } from '../../sdk/app/connection.ts';
import type { Delivery } from '../../sdk/engine/delivery.ts';
import type { Effect } from '../../sdk/engine/effect.ts';
import type { Logger } from '../../sdk/log/logger.ts';
import type { Stage } from './admission/stage.ts';
import type { Revocations } from './revocations/revocations.ts';

/** What a worker works with. */
export interface Worker {
  readonly app: AppCore;
  readonly connection: Connection;
  readonly log: Logger;
  /** What a delivery passes before it runs. */
  readonly stages: readonly Stage[];
  /** What is known of revoked calls. */
  readonly revocations: Revocations;
  /** Aborts when what runs is to be handed on to another worker. Undefined: it never is. */
  readonly interruption: AbortSignal | undefined;
}

/** Reports by which the messages of a batch wait for each other, so that they share requests. */
export interface Stages {
  /** The message's row is under way, or it will have none. */
  readonly onRow: () => void;
  /** The message's part in a join is under way, or it will have none. */
  readonly onPart: () => void;
}

/** What the effects of a delivery are carried out on. */
export interface Scene extends Worker, Stages {
  readonly delivery: Delivery;
  /** Carries out what follows from an effect: one may lead to others. */
  readonly act: (effects: readonly Effect[]) => Promise<void>;
}
