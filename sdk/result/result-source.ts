import type { Clock } from '../ports/clock.ts';
import type { TaskDefinition } from '../task/task-definition.ts';
import type { ResultReader } from './result-reader.ts';

/** What a handle needs to read results. */
export interface ResultSource {
  connect(): Promise<{ readonly reader: ResultReader; readonly clock: Clock }>;
  /** The task of that name, if this app defines it: its result schema decodes the value. */
  taskNamed(name: string): TaskDefinition | undefined;
}
