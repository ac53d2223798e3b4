import type { Answer } from './queues.ts';

/** What one attribute of an item can hold. Number sets and string sets are never empty. */
export type Attribute = string | number | boolean | Uint8Array | ReadonlySet<number> | ReadonlySet<string>;

/** One row. `id` is the key; `ttl` (epoch seconds) is when the row may be forgotten. */
export interface Item {
  readonly id: string;
  readonly [attribute: string]: Attribute;
}

/**
 * When a write may happen, judged by the row right before it: only if there is none, unless something in it is in the way, or
 * only if something is in it.
 */
export type Condition =
  | { readonly absent: true }
  | { readonly unless: Obstacle }
  | { readonly only: Requirement };

/** What a write needs. A row that is missing, or has no such attribute, does not have it. */
export type Requirement =
  /** The attribute is a number that is not below this one. */
  | { readonly attribute: string; readonly atLeast: number }
  /** The attribute has one of these values. */
  | { readonly attribute: string; readonly isOneOf: readonly (string | number)[] };

/** What keeps a write from happening. A row that is missing, or has no such attribute, keeps nothing from happening. */
export type Obstacle =
  /** The attribute has one of these values, except if the number `olderThan.attribute` is there and below `olderThan.value`. */
  | {
      readonly attribute: string;
      readonly isOneOf: readonly string[];
      readonly olderThan?: { readonly attribute: string; readonly value: number };
    }
  /** The attribute is a set and has this member. */
  | { readonly attribute: string; readonly contains: string | number }
  /** The attribute is a number that is not below this one. */
  | { readonly attribute: string; readonly atLeast: number }
  /** The attribute is there, whatever its value. */
  | { readonly attribute: string; readonly exists: true };

/** A change of one row, made in one atomic step; the row is created if it is missing. */
export interface Change {
  readonly set?: Readonly<Record<string, Attribute>>;
  /** Numbers are added to; sets are united with what is there. */
  readonly add?: Readonly<Record<string, number | ReadonlySet<number> | ReadonlySet<string>>>;
}

/** How to read. */
export interface ReadOptions {
  /** See every write that was answered before this read; costs twice as much. @default false */
  readonly consistent?: boolean;
}

/** The table, as DynamoDB offers it: one key, conditional writes, batches without conditions. */
export interface Table {
  /** Reads up to 100 rows with one request (more only if the table answers in parts). Missing rows are left out; the order is not kept. */
  read(ids: readonly string[], options?: ReadOptions): Promise<readonly Item[]>;
  /** Replaces one row. Answers false, and changes nothing, if the condition does not hold. */
  put(item: Item, condition?: Condition): Promise<boolean>;
  /** Replaces up to 25 rows of different ids with one request, without conditions; answers in order. */
  putAll(items: readonly Item[]): Promise<readonly Answer[]>;
  /**
   * Changes one row and returns it whole, as it is afterwards. Answers undefined, and changes nothing, if the condition
   * does not hold.
   */
  change(id: string, change: Change, condition?: Condition): Promise<Item | undefined>;
  delete(id: string): Promise<void>;
}
