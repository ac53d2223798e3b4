import { type AnySignature, chain, chord, group, Signature, type UntypedSignature } from 'tallo';
import { expect, test } from 'vitest';
import { stage, type Value, valueFrom } from './stage.ts';

const kinds = ['chain', 'group', 'chord'] as const;

type Kind = (typeof kinds)[number];

/** A workflow of that kind around two signatures. */
function workflow(kind: Kind, first: Value, second: Value): AnySignature {
  if (kind === 'chain') return chain(first, second);
  return kind === 'group' ? group(first, second) : chord([first, second], second);
}

/** Every signature in a signature, itself included. */
function all(signature: Value): readonly Value[] {
  const { header, body, tasks } = signature as UntypedSignature;
  return [signature, ...[header, body, ...tasks].flatMap((one) => (one === undefined ? [] : all(one)))];
}

const lines = kinds.flatMap((outer) => kinds.map((inner) => [outer, inner] as const));

test.each(lines.map((pair, i) => [159 + i, ...pair] as const))(
  '%i: a %s with a %s travels as a value and is built again',
  async (_line, outer, inner) => {
    await using s = stage();
    const { add, app } = s;
    const given = workflow(outer, workflow(inner, add.si(1, 1), add.si(2, 2)), add.si(3, 3));
    const rebuilt: Value[] = [];
    const returns = app.task('return_nested_signature', (): Value => given);
    const rebuilds = app.task('rebuild_signature', (json: Value): Value => {
      rebuilt.push(app.signature(json));
    });

    expect(await valueFrom(chain(returns.s(), rebuilds.s()))).toBeNull();

    const [signature] = rebuilt;
    expect(all(signature).length).toBeGreaterThanOrEqual(4);
    for (const one of all(signature)) expect(one).toBeInstanceOf(Signature);
    expect(signature.toJSON()).toEqual(JSON.parse(JSON.stringify(given)));
    expect(await valueFrom(signature)).toEqual(await valueFrom(given as Value));
  },
);
