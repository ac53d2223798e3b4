import { Tallo } from 'tallo';
import * as z from 'zod';

export const app = new Tallo('shop', { queues: { emails: {} } });

export const add = app.task('math.add', (x: number, y: number) => x + y);

export const fail = app.task('math.fail', (reason: string): never => {
  throw new RangeError(reason);
});

export const greet = app.task(
  'emails.greet',
  { queue: 'emails', kwargs: z.object({ to: z.string() }) },
  ({ to }) => `Hello ${to}`,
);

/** Its arguments have another form on the wire than in the program. */
app.task(
  'dates.tomorrow',
  {
    args: z.tuple([
      z.codec(z.iso.datetime(), z.date(), {
        decode: (text) => new Date(text),
        encode: (date) => date.toISOString(),
      }),
    ]),
  },
  (date) => new Date(date.getTime() + 86_400_000),
);

app.task('orders.describe', (id: number) => ({ id, lines: ['tea', 'milk'] }));

/** Its schema has a mistake of the kind that nobody foresees. */
app.task(
  'odd.schema',
  {
    args: z.tuple([
      z.number().refine(() => {
        throw new Error('a mistake in the schema');
      }),
    ]),
  },
  (number) => number,
);

app.task('logs.write', { ignoreResult: true }, (line: string) => line);
