import type { RevokeOptions } from '../control/revoke-options.ts';
import type { Clock } from '../ports/clock.ts';
import type { Table } from '../ports/table.ts';
import type { TaskDefinition } from '../task/task-definition.ts';
import type { ResultTuple } from '../wire/task-meta.ts';
import type { Result } from './result.ts';
import type { ResultReader } from './result-reader.ts';

/** What a handle needs to read results. */
export interface ResultSource {
  connect(): Promise<{ readonly reader: ResultReader; readonly table: Table; readonly clock: Clock }>;
  /** How long a group that is saved stays. */
  readonly resultExpiresMs: number;
  /** The task of that name, if this app defines it: its result schema decodes the value. */
  taskNamed(name: string): TaskDefinition | undefined;
  /** The handle that a stored tuple names. Here, since handles of tasks and of groups make each other. */
  fromTuple(tuple: ResultTuple): Result;
  /** Revokes what handles know of. */
  revoke(results: readonly Result[], options: RevokeOptions): Promise<void>;
}
