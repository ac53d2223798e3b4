import type { Outcome } from './celery-client.ts';

/** What a workflow has to give. */
export interface Expectation {
  /** What real Celery gave; where it cannot do a thing, what we have to give instead. */
  readonly outcome: Outcome;
  /** What Celery gave, if that is something else. */
  readonly celery?: Outcome;
  /** Why. */
  readonly note?: string;
  /** So much work that others would wait too long beside it. */
  readonly heavy?: boolean;
}

/** By the workflow's name: the content of expected.json, which `record.test.ts` makes. */
export type Expectations = Record<string, Expectation>;
