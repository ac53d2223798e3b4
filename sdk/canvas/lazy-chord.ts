import type { AppCore } from '../app/app-core.ts';
import { resultSource } from '../call/result-source.ts';
import { startLazyChord } from '../call/start-lazy-chord.ts';
import { ConfigurationError } from '../errors/index.ts';
import type { Result } from '../result/result.ts';
import { resultOf } from '../result/result-tree.ts';
import { chordSignature, groupSignature, type SignatureJson } from '../wire/signature.ts';
import { applyEagerly } from './apply-eagerly.ts';
import { completed } from './complete.ts';
import { type Part, readPart } from './part.ts';
import { type Added, prepended } from './prepend.ts';
import { belongsToNoApp, readCall, wireOptions } from './signature-call.ts';
import type { SignatureOptions } from './signature-options.ts';

/** What a chord is made of whose header is made while it is sent. */
export interface LazyParts {
  readonly header: Iterable<unknown> | AsyncIterable<unknown>;
  readonly body: Part;
  readonly settle: boolean;
}

/**
 * A chord whose header is run through while its members are sent: what `chord` gives for an iterable that is no array. It can be
 * started, once if the iterable can be run through once, but it has no JSON.
 *
 * @example
 * ```ts
 * import { chord, Tallo } from 'tallo';
 *
 * const app = new Tallo('store');
 * const add = app.task('math.add', (x: number, y: number) => x + y);
 * const sum = app.task('math.sum', (numbers: number[]) => numbers.reduce((x, y) => x + y, 0));
 *
 * function* doubles() {
 *   for (let x = 0; x < 100_000; x++) yield add.s(x, x);
 * }
 * const total = chord(doubles(), sum.s()); // await total.delay() makes and sends them
 * console.log(typeof total.delay); // function
 * ```
 */
export class LazyChord<In extends readonly unknown[] = readonly unknown[], Handle = Result> {
  readonly startsLazily = true;
  readonly #parts: LazyParts;
  #isUsedUp = false;

  constructor(parts: LazyParts) {
    this.#parts = parts;
  }

  /** @throws ConfigurationError (CONFIGURATION): a header that is not made yet cannot be written down. */
  toJSON(): never {
    throw new ConfigurationError(
      'Expected something that JSON can hold, got a chord whose header is made while it is sent. Give the header as an array.',
    );
  }

  /** Sends the members, and so starts the chord. Throws as a signature's `delay` does; what was sent before stays sent. */
  delay(...missing: In): Promise<Handle> {
    return this.applyAsync(missing);
  }

  /** The same, with options. */
  applyAsync(missing: In, options: SignatureOptions = {}): Promise<Handle> {
    return this.#start(missing, options);
  }

  /** Runs it here and now, without any cloud. */
  apply(missing: In, options: SignatureOptions = {}): Promise<Handle> {
    return this.#start(missing, options, true);
  }

  async #start(missing: In, options: SignatureOptions, eagerly = false): Promise<Handle> {
    const { body, settle } = this.#parts;
    const call = readCall(body.json, { missing, options });
    const { app } = body;
    if (!app) throw belongsToNoApp(body.json);
    const callOptions = await wireOptions(call, app);
    const completeBody = await completed(body.json, app, 'follows');
    this.#useUp();
    const header = this.#members(app, call);
    if (eagerly || app.settings.taskAlwaysEager) {
      const members: SignatureJson[] = [];
      for await (const member of header) members.push(member);
      const chord = chordSignature({ header: groupSignature(members), body: completeBody, settle });
      // What the handle is, the type of the body says.
      return (await applyEagerly(app, chord, { options: callOptions })) as Handle;
    }
    const frozen = await startLazyChord(app, { header, body: completeBody, settle }, callOptions);
    return resultOf(frozen, resultSource(app)) as Handle;
  }

  async *#members(app: AppCore, added: Added): AsyncGenerator<SignatureJson> {
    let count = 0;
    for await (const member of this.#parts.header) {
      count += 1;
      const { json } = readPart(member, `member ${count} of the header of a chord`);
      yield await completed(prepended(json, added), app);
    }
  }

  /** What a generator has yielded is gone: the body would run with nothing. */
  #useUp(): void {
    const { header } = this.#parts;
    const iterator = Symbol.iterator in header ? header[Symbol.iterator]() : header[Symbol.asyncIterator]();
    const isOneWay = (iterator as unknown) === header;
    if (isOneWay && this.#isUsedUp) {
      throw new ConfigurationError(
        'Expected the header of a chord to be there, got a generator that was run through before. Make another chord, or give an array.',
      );
    }
    this.#isUsedUp = true;
  }
}
