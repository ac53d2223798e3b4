/** A yearly entry still knows its last slot. */
const rowSeconds = 400 * 86_400;

/** When the row of an entry may be forgotten that is written now, epoch seconds. */
export function beatRowTtl(now: number): number {
  return Math.ceil(now / 1_000) + rowSeconds;
}
