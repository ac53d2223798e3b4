import { type AsyncResult, Tallo } from 'tallo';
import { type Consumer, consumer } from 'tallo/functions';
import { startLocalCloud } from 'tallo/local';
import { memoryCloud } from 'tallo/testing';
import * as z from 'zod';

const app = new Tallo('store', { queues: { emails: { concurrency: 10 } }, routes: { 'emails.*': 'emails' } });
const add = app.task('math.add', (x: number, y: number) => x + y);
const charge = app.task(
  'charge',
  { bind: true, args: z.tuple([z.object({ cents: z.int() })]) },
  async (self, order) => {
    self.log.info('charged', { id: self.request.id });
    return order.cents;
  },
);

export const handler: Consumer = consumer(app);
export const sum: Promise<AsyncResult<number>> = add.delay(2, 3);
export const charged: Promise<AsyncResult<number>> = charge.applyAsync([{ cents: 5 }], { countdown: '10m' });
export const clouds = [memoryCloud, startLocalCloud];

// @ts-expect-error a string is no number
void add.delay('2', 3);
// @ts-expect-error cents is missing
void charge.delay({});
