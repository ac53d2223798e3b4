/** How often each AWS action was asked for, counted where the requests arrive: retries included. */
export interface Traffic {
  /** Requests for one action, such as `SQS.SendMessageBatch`. @default all requests */
  count(action?: string): number;
  byAction(): Readonly<Record<string, number>>;
  reset(): void;
}

/** A tally, and the hand that keeps it. */
export function createTraffic(): Traffic & { note(action: string): void } {
  const counts = new Map<string, number>();
  return {
    note: (action) => void counts.set(action, (counts.get(action) ?? 0) + 1),
    count: (action) =>
      action === undefined
        ? [...counts.values()].reduce((sum, count) => sum + count, 0)
        : (counts.get(action) ?? 0),
    byAction: () => Object.fromEntries([...counts].toSorted(([one], [other]) => (one < other ? -1 : 1))),
    reset: () => counts.clear(),
  };
}
