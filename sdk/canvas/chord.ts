import { ConfigurationError } from '../errors/index.ts';
import { refuseUnknown } from '../errors/refuse-unknown.ts';
import { kindOf, type SignatureJson, taskSignature, tasksOf } from '../wire/signature.ts';
import { LazyChord } from './lazy-chord.ts';
import { isIterable, readMembers } from './members.ts';
import { appOf, described, type Part, partOf, readPart } from './part.ts';
import { Signature } from './signature.ts';
import type { AnySignature } from './types/any-signature.ts';
import type { BodyTakes, ChordOf, ChordOptions, Header } from './types/chord.ts';
import type { Taking } from './types/fits.ts';

const optionNames: ReadonlySet<string> = new Set<keyof ChordOptions>(['settle']);

/**
 * Calls the tasks of a header at the same time, and the body with the list of their results when the last has succeeded. Arguments of
 * the call go to every member of the header; the handle is that of the body. If a member fails, the result is a ChordError, unless
 * `settle` gives the body every outcome.
 *
 * A header that is no array, such as a generator, is run through while its members are sent, and never held in whole: such a chord can
 * be started, but it cannot become a part of another workflow.
 *
 * Mirrors {@link https://docs.celeryq.dev/en/stable/userguide/canvas.html#chords celery.chord}.
 *
 * @example
 * ```ts
 * import { chord, Tallo } from 'tallo';
 *
 * const app = new Tallo('store');
 * const add = app.task('math.add', (x: number, y: number) => x + y);
 * const sum = app.task('math.sum', (numbers: number[]) => numbers.reduce((x, y) => x + y, 0));
 *
 * const total = chord([add.s(1, 2), add.s(3, 4)], sum.s()); // await total.delay() sends it
 * console.log(total.header.tasks.length, total.body.name); // 2 math.sum
 * ```
 */
export function chord<const H extends Header, B extends AnySignature, const O extends ChordOptions = object>(
  header: H,
  body: B & Taking<BodyTakes<H, O>, B>,
  options?: O,
): ChordOf<H, B>;
export function chord(header: unknown, body: unknown, options: ChordOptions = {}): unknown {
  const { settle = false } = readOptions(options);
  const bodyPart = readPart(body, 'the body of a chord');
  if (isLazy(header)) return new LazyChord({ header, body: bodyPart, settle });
  const { members, app } = readHeader(header);
  const kwargs = { header: members, body: bodyPart.json, kwargs: {}, ...(settle ? { settle } : {}) };
  return new Signature({
    app: app ?? bodyPart.app,
    json: taskSignature('celery.chord', { kwargs, subtask_type: 'chord' }),
    isLone: false,
  });
}

/** @throws ConfigurationError, also for a third signature: the members of a header stand in a list */
function readOptions(options: ChordOptions): ChordOptions {
  if (options instanceof Signature) {
    throw new ConfigurationError(
      'Expected chord(header, body, { settle }), got a third signature. Put the members of the header into an array.',
    );
  }
  refuseUnknown('A chord', options, optionNames);
  if (options.settle === undefined || typeof options.settle === 'boolean') return options;
  throw new ConfigurationError(`Expected settle to be true or false, got ${JSON.stringify(options.settle)}.`);
}

/** As Celery writes it: the list of the members, or the group if it says more than that. */
function readHeader(header: unknown): {
  members: SignatureJson | readonly SignatureJson[];
  app: Part['app'];
} {
  if (Array.isArray(header)) {
    const { parts } = readMembers([header], 'the header of a chord', 'member');
    return { members: parts.map(({ json }) => json), app: appOf(parts) };
  }
  if (typeof header !== 'object' || header === null) {
    throw new ConfigurationError(
      `Expected the header of a chord to be an array of signatures, a group, or an iterable, got ${described(header)}.`,
    );
  }
  const { json, app } = readPart(header, 'the header of a chord');
  if (kindOf(json) !== 'group') return { members: [json], app };
  return { members: Object.keys(json.options).length === 0 ? tasksOf(json) : json, app };
}

function isLazy(header: unknown): header is Iterable<unknown> | AsyncIterable<unknown> {
  if (Array.isArray(header) || typeof header !== 'object' || header === null || partOf in header)
    return false;
  return isIterable(header) || Symbol.asyncIterator in header;
}
