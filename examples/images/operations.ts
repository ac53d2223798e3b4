import type { Sharp } from 'sharp';
import * as z from 'zod';

/** What can be done to a picture. */
const operation = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('blur'), sigma: z.number().min(0.3).max(50) }),
  z.strictObject({ kind: z.literal('rotate'), degrees: z.number().min(-360).max(360) }),
  z.strictObject({ kind: z.literal('resize'), width: z.int().min(16).max(4_000) }),
  z.strictObject({ kind: z.literal('contrast'), factor: z.number().min(0).max(4) }),
]);
export type Operation = z.infer<typeof operation>;

export const operations = z.array(operation).min(1).max(20);

export function apply(operation: Operation, picture: Sharp): Sharp {
  switch (operation.kind) {
    case 'blur':
      return picture.blur(operation.sigma);
    case 'rotate':
      return picture.rotate(operation.degrees);
    case 'resize':
      return picture.resize({ width: operation.width });
    case 'contrast':
      // Away from middle grey, or towards it.
      return picture.linear(operation.factor, 128 * (1 - operation.factor));
  }
}

/** For people: 'resize, width 640'. */
export function describe({ kind, ...numbers }: Operation): string {
  const facts = Object.entries(numbers).map(([name, value]) => `${name} ${value}`);
  return [kind, ...facts].join(', ');
}
