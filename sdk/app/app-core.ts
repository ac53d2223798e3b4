import type { CheckedEntry } from '../beat/checked-entry.ts';
import type { TaskDefinition } from '../task/task-definition.ts';
import type { Connection } from './connection.ts';
import type { Settings } from './settings.ts';

/** What calls and workers need of an app. */
export interface AppCore {
  readonly name: string;
  readonly settings: Settings;
  /** The tasks that the app defines, by name. */
  readonly definitions: ReadonlyMap<string, TaskDefinition>;
  /** What its code has beat start, by name. */
  readonly beatEntries: ReadonlyMap<string, CheckedEntry>;
  /** The cloud that the app uses: the one it was connected to, or else AWS as the environment says. */
  connection(): Promise<Connection>;
}
