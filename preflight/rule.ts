import type { Plan } from './plan/plan.ts';

/** An error stops a deployment: AWS would refuse it, or tasks would be lost, doubled or never run. A warning may be meant so. */
export type Level = 'error' | 'warning';

/** One thing that is not as it should be. */
export interface Breach {
  readonly level: Level;
  /** The name of the queue, task, route or entry: an acceptance may be of one only. */
  readonly subject: string;
  /** The same in words, such as `queue 'emails'`. */
  readonly where: string;
  readonly found: string;
  /** What AWS, or the engine, wants instead, and why. */
  readonly wanted: string;
  /** What to do. */
  readonly advice: string;
}

/** A rule over an app's configuration: pure. */
export interface Rule {
  readonly name: string;
  /** What it looks at, in one sentence. */
  readonly asks: string;
  /** What its findings can be. */
  readonly levels: readonly Level[];
  /** The page that says so. */
  readonly see: string;
  readonly check: (plan: Plan) => readonly Breach[];
}

/** A breach, and the rule that found it. */
export interface Finding extends Breach {
  readonly rule: string;
  readonly see: string;
}
