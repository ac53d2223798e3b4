import type { Sale } from './sales.ts';

/** Names that a careless CSV would break at. */
const products = [
  { name: 'Mug, blue', cents: 1_250 },
  { name: 'Poster "Frida"', cents: 2_990 },
  { name: 'Café de olla, 500 g', cents: 899 },
  { name: 'Notebook', cents: 475 },
];

const hourMs = 60 * 60 * 1_000;

/** A sale every three hours up to an instant, always the same ones. */
export function inventSales(until: Date, days: number): readonly Sale[] {
  return Array.from({ length: days * 8 }, (_, index) => {
    const product = products[(index * 7) % products.length] ?? { name: '', cents: 0 };
    const units = 1 + (index % 3);
    const soldAt = new Date(until.getTime() - index * 3 * hourMs);
    return { product: product.name, units, cents: units * product.cents, soldAt };
  });
}
