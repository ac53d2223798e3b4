import type { Delivery } from '../../../sdk/engine/delivery.ts';
import type { Outcome } from '../../../sdk/engine/outcome.ts';
import type { TaskDefinition } from '../../../sdk/task/task-definition.ts';
import type { Worker } from '../scene.ts';

/** A delivery that the gate lets through, before it may run. */
export interface Candidate {
  readonly delivery: Delivery;
  readonly task: TaskDefinition;
  /**
   * The arguments as the task's function takes them, for limits that go by key.
   *
   * @throws ArgumentsError if they are not what the task takes
   */
  readonly parameters: () => Promise<readonly unknown[]>;
  /** What is left of the invocation, milliseconds. */
  readonly remaining: () => number;
}

/** What a stage that lets a delivery through has to say. */
export interface Admitted {
  /** The delivery as it is to run, where the stage has changed it. */
  readonly delivery?: Delivery;
  /**
   * Told how it went, before any effect is carried out: to give back what was taken, or to judge the outcome anew. Also told when
   * a later stage does not let the delivery through: then it has not run.
   */
  readonly ended?: (outcome: Outcome, hasRun: boolean) => Promise<Outcome>;
  /**
   * Told, after that, when all effects of the outcome are carried out; with whether a row tells of it.
   */
  readonly settled?: (isTold: boolean) => Promise<void>;
  /** Told instead of both where an error left the delivery without an outcome: its message comes again. */
  readonly dropped?: () => Promise<void>;
}

/**
 * One thing that may keep a delivery from running now: a limit, a lease, a breaker. Answers the outcome that the delivery has
 * instead of running, or lets it through. What it throws brings the message back later, unless it is an error of the message's own.
 */
export type Stage = (candidate: Candidate, worker: Worker) => Promise<Admitted | Outcome>;
