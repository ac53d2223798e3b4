import type { Tallo } from 'tallo';
import * as z from 'zod';

/** The one task of the apps that are sent bad messages. */
export function defineGreet(app: Tallo) {
  return app.task(
    'greet',
    { args: z.tuple([z.object({ name: z.string() })]) },
    ({ name }) => `Hello ${name}`,
  );
}
