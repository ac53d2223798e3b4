import { chain, chord, group, type Signature, type Tallo } from 'tallo';
import { writeJournal } from './journal.ts';

// Tasks of `python/interop/replacing.py`, under the same names: those that replace themselves.

export type Call = (name: string, ...args: readonly unknown[]) => Signature;

export function defineReplacing(app: Tallo, call: Call): void {
  app.task('interop.add_replaced', { bind: true }, (self, x: unknown, y: unknown) =>
    self.replace(call('add', x, y)),
  );

  app.task('interop.fail_replaced', { bind: true }, (self, ...args: readonly unknown[]) =>
    self.replace(call('fail', ...args).setImmutable(true)),
  );

  app.task('interop.add_to_all', { bind: true }, (self, numbers: readonly unknown[], value: unknown) =>
    self.replace(group(numbers.map((number) => call('add', number, value)))),
  );

  app.task('interop.replace_with_chord', { bind: true }, (self, numbers: readonly number[]) =>
    self.replace(sumOf(call, numbers, 1)),
  );

  app.task('interop.replace_with_queue', { bind: true }, (self, value: unknown, queue: string) =>
    self.replace(call('identity', value).set({ queue })),
  );

  app.task('interop.replace_with_empty_chain', { bind: true }, (self, ..._: readonly unknown[]) =>
    self.replace(chain()),
  );
}

/** `link` is a message and the key of the journal that it goes into, when the chain has ended. */
export function defineReplacingWithChains(app: Tallo, call: Call): void {
  app.task(
    'interop.replace_with_chain',
    { bind: true },
    (self, value: unknown, ...link: readonly string[]) => {
      const inner = chain(call('identity', value), call('identity'));
      return self.replace(link.length > 0 ? inner.link(call('echo', ...link).setImmutable(true)) : inner);
    },
  );

  app.task(
    'interop.replace_with_chain_which_raises',
    { bind: true },
    (self, value: unknown, ...link: readonly string[]) => {
      const inner = chain(call('identity', value), call('raise_error'));
      return self.replace(
        link.length > 0 ? inner.linkError(call('echo', ...link).setImmutable(true)) : inner,
      );
    },
  );
}

export function defineSecondOrder(app: Tallo, call: Call): void {
  app.task('interop.second_order_replace1', { bind: true }, (self, key: string, isBack = false) => {
    writeJournal(key, isBack ? 'Out A' : 'In A');
    if (isBack) return null;
    const back = call('second_order_replace1', key, true).setImmutable(true);
    return self.replace(chain(call('second_order_replace2', key), back));
  });

  app.task('interop.second_order_replace2', { bind: true }, (self, key: string, isBack = false) => {
    writeJournal(key, isBack ? 'Out B' : 'In B');
    if (isBack) return null;
    const back = call('second_order_replace2', key, true).setImmutable(true);
    return self.replace(chain(call('echo', 'In/Out C', key), back));
  });
}

/** Tasks that add members to the chord that they belong to. */
export function defineAdding(app: Tallo, call: Call): void {
  app.task(
    'interop.add_to_all_to_chord',
    { bind: true },
    (self, numbers: readonly number[], value: number) => {
      for (const number of numbers) self.addToChord(call('add', number, value));
      return 0;
    },
  );

  app.task(
    'interop.add_chord_to_chord',
    { bind: true },
    (self, numbers: readonly number[], value: number) => {
      self.addToChord(sumOf(call, numbers, value));
      return 0;
    },
  );
}

/** The sum of these numbers, to each of which a value is added. */
function sumOf(call: Call, numbers: readonly number[], value: number) {
  return chord(
    numbers.map((number) => call('add', number, value)),
    call('tsum'),
  );
}
