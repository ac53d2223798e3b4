/** Adds as Python's `+` does: numbers, texts, lists. */
export function plus(one: unknown, other: unknown): unknown {
  if (typeof one === 'number' && typeof other === 'number') return one + other;
  if (typeof one === 'string' && typeof other === 'string') return one + other;
  if (Array.isArray(one) && Array.isArray(other)) return [...one, ...other];
  throw new TypeError(`unsupported operands for +: ${typeof one} and ${typeof other}`);
}

/** The sum of numbers and of lists of numbers. */
export function sum(numbers: readonly (number | readonly number[])[]): number {
  return numbers.flat().reduce((total, number) => total + number, 0);
}

/** Values of kinds that JSON does not have, and texts that are hard to carry. */
export const samples: Readonly<Record<string, unknown>> = {
  datetime: new Date('2026-11-20T18:13:06.984Z'),
  bytes: new TextEncoder().encode('hello'),
  binary: new Uint8Array([0xff, 0xfe]),
  unicode: 'ma\u00f1ana \u{1f33f} \u2028 \ufffe',
  nested: { list: [1, { deep: null }], '\u00e9': true },
  nothing: undefined,
  big: 2 ** 53 - 1,
  fraction: 0.1,
};
