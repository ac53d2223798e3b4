/** Chance, as the engine sees it: where ids and jitter come from. */
export interface Chance {
  /** A new unique id, a UUID as Celery uses them. */
  newId(): string;
  /** A number from 0 (included) to 1 (excluded). */
  random(): number;
}

/** The machine's own chance. */
export const systemChance: Chance = {
  newId: () => crypto.randomUUID(),
  random: () => Math.random(),
};
