import { type CallOptions, type QueueOptions, Tallo } from 'tallo';
import { describe, expectTypeOf, test } from 'vitest';

const app = new Tallo('types', { queues: { pages: { lanes: 3, concurrency: 6 } } });
const save = app.task('save', (id: number, _text: string) => id);

describe('a call', () => {
  test('takes keys by which calls share one', () => {
    void save.applyAsync([1, 'a'], { idempotencyKey: 'k', idempotencyExpires: '1h' });
    void save.applyAsync([1, 'a'], { throttle: { key: 'k', per: '10m' } });
    void save.applyAsync([1, 'a'], { debounce: { key: 'k', wait: 5, maxWait: '1m' }, priority: 9 });
    void app.sendTask('elsewhere', [], { idempotencyKey: 'k', fairnessKey: 'customer-1' });
    expectTypeOf<CallOptions['idempotencyKey']>().toEqualTypeOf<string | undefined>();
    // @ts-expect-error no such option
    void save.applyAsync([1, 'a'], { idempotenceKey: 'k' });
    // @ts-expect-error a throttle has a period
    void save.applyAsync([1, 'a'], { throttle: { key: 'k' } });
    // @ts-expect-error a debounce has a key
    void save.applyAsync([1, 'a'], { debounce: { wait: 5 } });
    // @ts-expect-error not a duration
    void save.applyAsync([1, 'a'], { debounce: { key: 'k', wait: 'a while' } });
    // @ts-expect-error a key is text
    void save.applyAsync([1, 'a'], { fairnessKey: 7 });
  });
});

describe('a task', () => {
  test('has a priority and a fairness key of its arguments', () => {
    app.task(
      't',
      { priority: 7, fairnessKey: (customer: string) => customer },
      (customer: string) => customer,
    );
    // @ts-expect-error a priority is a number
    app.task('t', { priority: 'high' }, () => 1);
    // @ts-expect-error a key is text
    app.task('t', { fairnessKey: (id: number) => id }, (id: number) => id);
  });

  test('is retried with another priority, in another queue', () => {
    app.task('t', { bind: true }, (self) => self.retry({ priority: 1, queue: 'pages', countdown: '1m' }));
    // @ts-expect-error a priority is a number
    app.task('t', { bind: true }, (self) => self.retry({ priority: 'low' }));
  });
});

test('a queue has one to three lanes', () => {
  expectTypeOf<QueueOptions['lanes']>().toEqualTypeOf<1 | 2 | 3 | undefined>();
  // @ts-expect-error no more than three
  new Tallo('types', { queues: { pages: { lanes: 4 } } });
});
