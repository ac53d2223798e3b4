/** The last one that both languages write and read. */
export const lastInstant = Date.UTC(9999, 11, 31);

/** Reads an ISO 8601 instant as epoch milliseconds; one without a zone is UTC, as in Celery. NaN if it is none. */
export function readInstant(text: string): number {
  return Date.parse(/(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`);
}

/** Writes an instant as Python does: before 3.11 it reads '+00:00' but not 'Z'. */
export function writeInstant(instant: number): string {
  return new Date(instant).toISOString().replace('Z', '+00:00');
}
