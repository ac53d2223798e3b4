/** From the least on. */
export const priorities = { low: 1, normal: 5, urgent: 9 } as const;

export type PriorityName = keyof typeof priorities;

/** What a priority from 0 to 9 is called. */
export function nameOf(priority: number): PriorityName {
  if (priority >= 7) return 'urgent';
  return priority >= 4 ? 'normal' : 'low';
}

/** The priority of the next try after a failure. */
export function lowered(priority: number): number {
  return nameOf(priority) === 'urgent' ? priorities.normal : priorities.low;
}
