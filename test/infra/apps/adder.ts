import { Tallo } from 'tallo';

class Overflow extends Error {}

/** The smallest app that is worth a deployment. */
export const app = new Tallo('adder');

export const add = app.task('math.add', (x: number, y: number) => {
  if (x + y > 1_000) throw new Overflow(`${x + y} is too much`);
  return x + y;
});
