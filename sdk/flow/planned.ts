import type { Item } from '../ports/table.ts';
import type { Embed } from '../wire/envelope.ts';
import type { Json, JsonObject } from '../wire/json.ts';
import type { IsServedByCelery } from './joined-by.ts';
import type { Place } from './place.ts';

/** One call that starts now, before it has an envelope. */
export interface PlannedCall {
  readonly kind: 'call';
  readonly task: string;
  readonly id: string;
  readonly args: readonly Json[];
  readonly kwargs: JsonObject;
  /** Under Celery's names. */
  readonly options: JsonObject;
  readonly embed: Embed;
  readonly group: Place['group'];
  readonly rootId: string | null;
  readonly parentId: string | null;
  /** That of the task that it comes from; null: none. */
  readonly priority: number | null;
}

/** A chord that is joined in Celery's way, since workers in Python have a part in it: its rows come before its calls. */
export interface PlannedChord {
  readonly kind: 'celery-chord';
  readonly groupId: string;
  /** The ids of the members' results, in order. */
  readonly members: readonly string[];
}

/** Rows that must be there before the calls that refer to them. */
export interface PlannedRows {
  readonly kind: 'rows';
  readonly rows: readonly Item[];
}

export type Planned = PlannedCall | PlannedChord | PlannedRows;

/** What planning must know of the world. */
export interface World {
  readonly isServedByCelery: IsServedByCelery;
  /** When rows of the workflow may be forgotten, epoch seconds. */
  readonly ttl: number;
}
