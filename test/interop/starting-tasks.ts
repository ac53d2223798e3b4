import { type AnySignature, chain, chord, group, Signature, type Tallo, type UntypedSignature } from 'tallo';
import { writeJournal } from './journal.ts';
import type { Call } from './replacing-tasks.ts';

// Tasks of `python/interop/replacing.py` and `tasks.py`, under the same names: those that start workflows, return signatures, or see stamps.

type SignatureJson = Parameters<typeof Signature.fromJSON>[1];

export function defineStarting(app: Tallo, call: Call): void {
  app.task('interop.build_chain_inside_task', () => {
    const middle = group(call('add', 3), call('add', 4));
    return chain(call('add', 1, 1), call('add', 2), middle, call('add', 5, 5).setImmutable(true)).delay();
  });

  app.task('interop.start_group', (n: number) =>
    group(Array.from({ length: n }, (_, i) => call('add', i, i))).delay(),
  );

  app.task('interop.chain_add', async (x: number, y: number) => {
    await chain(call('add', x, x), call('add', y)).delay();
  });
}

export function defineSignatures(app: Tallo, call: Call): void {
  const one = call('identity', 1).setImmutable(true);
  const makers: Readonly<Record<string, (inner: Signature) => AnySignature>> = {
    chain: (inner) => chain(one, inner),
    group: (inner) => group(one, inner),
    chord: (inner) => chord([one, inner], call('identity')),
  };

  app.task('interop.return_nested_signature', (outer: string, inner: string) => {
    const innermost = makers[inner]?.(call('identity', 2).setImmutable(true) as Signature);
    return makers[outer]?.(innermost as Signature);
  });

  app.task('interop.rebuild_signature', (json: SignatureJson) => {
    walk(Signature.fromJSON(app, json));
  });
}

/** Throws unless every signature inside is one again. */
function walk(signature: UntypedSignature): void {
  if (!(signature instanceof Signature)) throw new TypeError('expected a signature');
  const { tasks, header, body } = signature;
  for (const part of [...tasks, header, body]) if (part) walk(part);
}

export function defineStamps(app: Tallo, call: Call): void {
  app.task('interop.return_stamps', { bind: true }, ({ request }, ..._: readonly unknown[]) => [
    request.stampedHeaders.toSorted(),
    request.stamps,
  ]);

  app.task('interop.echo_stamps', { bind: true }, ({ request }, key: string) =>
    writeJournal(key, request.stampedHeaders.toSorted().join(',')),
  );

  app.task('interop.replace_nesting', { bind: true }, (self, depth: number) =>
    depth > 0 ? self.replace(call('replace_nesting', depth - 1)) : self.request.replacedTaskNesting,
  );
}
