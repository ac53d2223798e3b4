import { hostname } from 'node:os';
import type { Delivery } from '../../sdk/engine/delivery.ts';
import type { History } from '../../sdk/engine/gate.ts';
import type { Stages } from './scene.ts';

/** Asking the operating system for each result would take as long as writing it. */
export const workerName = hostname();

/** One delivery and what belongs to it. */
export interface Work extends Stages {
  readonly delivery: Delivery;
  /** Undefined for a message seen for the first time. */
  readonly history: History | undefined;
  /** What is left of the invocation, milliseconds. */
  readonly remaining: () => number;
}
