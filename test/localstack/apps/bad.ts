import { Tallo } from 'tallo';
import { defineGreet } from './greet.ts';

/** What `badMessages` are made for, served by a function. */
export const app = new Tallo('bad');

export const greet = defineGreet(app);
