import * as z from 'zod';

export const recipient = z.object({ name: z.string().min(1), email: z.email() });
export type Recipient = z.infer<typeof recipient>;

const firstNames = [
  'Ada',
  'Benito',
  'Carmen',
  'Dolores',
  'Emilia',
  'Frida',
  'Grace',
  'Hedy',
  'Irene',
  'Juana',
];
const lastNames = ['Almeida', 'Borges', 'Cruz', 'Diaz', 'Estrada', 'Fuentes', 'Garcia'];

/** Whoever has an address here has moved away: the mail server refuses it for good. */
export const closedDomain = 'closed.example';

/** Invents people, always the same ones. One in 200 has moved away. */
export function inventRecipients(count: number): readonly Recipient[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `${firstNames[index % firstNames.length]} ${lastNames[index % lastNames.length]}`;
    const domain = index % 200 === 17 ? closedDomain : 'open.example';
    return { name, email: `${name.toLowerCase().replace(' ', '.')}.${index + 1}@${domain}` };
  });
}

export function hasMovedAway({ email }: Recipient): boolean {
  return email.endsWith(`@${closedDomain}`);
}
