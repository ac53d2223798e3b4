import { Tallo } from 'tallo';
import { defineGreet } from './greet.ts';

/** What `badMessages` are made for, served by a process. */
export const app = new Tallo('bad-on-server', { queues: { default: { runOn: 'server' } } });

export const greet = defineGreet(app);
