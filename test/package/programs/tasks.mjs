import { Tallo } from 'tallo';

export const app = new Tallo('stranger');
export const add = app.task('math.add', (x, y) => x + y);
