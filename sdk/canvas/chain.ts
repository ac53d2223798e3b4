import { chained } from './chained.ts';
import { readMembers } from './members.ts';
import { Signature } from './signature.ts';
import type { AnySignature, InOf, StepHandle, StepOut, TakesOf } from './types/any-signature.ts';
import type { Chain, First, Last, NullIfEmpty, Steps } from './types/chain.ts';
import type { Taking } from './types/fits.ts';

/**
 * Calls tasks one after the other, each with the result of the one before it put first. Arguments and options of the call go to the
 * first step; the handle is that of the last one. Does not compile if a step cannot take what the step before it returns.
 *
 * A group that something follows gives it the list of its results; what is written as `group(one)` behind another step is that one. A
 * chain without steps gives null.
 *
 * Mirrors {@link https://docs.celeryq.dev/en/stable/userguide/canvas.html#chains celery.chain}.
 *
 * @example
 * ```ts
 * import { chain, Tallo } from 'tallo';
 *
 * const app = new Tallo('store');
 * const add = app.task('math.add', (x: number, y: number) => x + y);
 * const mul = app.task('math.mul', (x: number, y: number) => x * y);
 *
 * const steps = chain(add.s(2, 2), add.s(4), mul.s(8)); // await steps.delay() sends it
 * console.log(steps.tasks.map(({ name }) => name).join(' ')); // math.add math.add math.mul
 * ```
 */
export function chain(): Chain<[], null, never, null>;
export function chain<S extends readonly AnySignature[]>(
  ...steps: Steps<S>
): Chain<InOf<First<S>>, StepOut<Last<S>>, TakesOf<First<S>>, StepHandle<Last<S>> | NullIfEmpty<S>>;
/** A list of steps that all take what they give, of any length: empty, it gives null. */
export function chain<S extends AnySignature>(
  steps: Iterable<S & Taking<StepOut<S>, S>>,
): Chain<InOf<S>, StepOut<S>, TakesOf<S>, StepHandle<S> | null>;
export function chain(...given: readonly unknown[]): unknown {
  return new Signature(chained(readMembers(given, 'a chain', 'step').parts));
}
