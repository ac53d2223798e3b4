import type { AppCore } from '../app/app-core.ts';
import type { CallOptions } from '../call/call-options.ts';
import type { SharingName } from '../call/sharing-options.ts';
import { freeze } from '../flow/freeze.ts';
import { systemChance } from '../ports/chance.ts';
import type { AsyncResult } from '../result/async-result.ts';
import type { Result } from '../result/result.ts';
import { bodyOf, headerOf, type SignatureJson, type SignatureKind, tasksOf } from '../wire/signature.ts';
import { chained } from './chained.ts';
import { extended, withErrbacksOf } from './links.ts';
import { partOf, readPart, readParts } from './part.ts';
import { SignatureData } from './signature-data.ts';
import type { SignatureOptions } from './signature-options.ts';
import { stamped } from './stamping/stamp.ts';
import { readStamps } from './stamping/stamps.ts';
import { readStamping, type StampHeaders, type StampingVisitor } from './stamping/visitor.ts';
import { start } from './start.ts';
import type { AnySignature, SignatureTypes, StepHandle, StepOut } from './types/any-signature.ts';
import type { Known, Taking } from './types/fits.ts';
import type { FirstOf, Missing, Suffix } from './types/missing.ts';
import { withImmutable } from './workflow-parts.ts';

/** A callback that can take what a signature gives; one that came as JSON is not checked. */
export type Callback<Out> =
  | (AnySignature & { readonly '~types': { readonly takes: (value: Known<Out>) => void } })
  | SignatureJson;

/** What a callback is given; that of a group, nothing. */
type Linked<Kind extends SignatureKind, Out> = Kind extends 'group' ? never : Out;

/** A signature of which only the JSON is known: it may miss anything, and nobody knows what it gives. */
export type UntypedSignature = Signature<readonly unknown[], unknown, unknown, Result>;

/**
 * A call that is not made yet: of one task, or of a workflow of several. It is a value: every method that seems to change it returns
 * another. `In` are the arguments that it misses, `Out` is the value that it gives, `Takes` what it takes from a step before it.
 *
 * Mirrors {@link https://docs.celeryq.dev/en/stable/userguide/canvas.html#signatures Celery's Signature}, whose methods change it.
 *
 * @example
 * ```ts
 * import { Tallo } from 'tallo';
 *
 * const app = new Tallo('store');
 * const add = app.task('math.add', (x: number, y: number) => x + y);
 *
 * const addFour = add.s(4).set({ countdown: '10s' });
 * const { task, args, options } = addFour.toJSON();
 * console.log(task, args[0], options.countdown); // math.add 4 10
 * ```
 */
export class Signature<
  In extends readonly unknown[] = readonly unknown[],
  Out = unknown,
  Takes = FirstOf<In>,
  Handle = AsyncResult<Out>,
  Kind extends SignatureKind = SignatureKind,
> extends SignatureData<Kind> {
  declare readonly '~types': SignatureTypes<In, Out, Takes, Handle>;

  /** The signature that a JSON describes, from whatever language; the same as `app.signature(json)`. */
  static fromJSON(app: AppCore, json: SignatureJson): UntypedSignature {
    return new Signature({ ...readPart(json, 'the JSON'), app });
  }

  /** The steps of a chain, or the members of a group; none otherwise. */
  get tasks(): readonly UntypedSignature[] {
    return this.kind === 'chain' || this.kind === 'group' ? tasksOf(this.toJSON()).map(this.#other) : [];
  }

  /** The group that a chord waits for. */
  get header(): Kind extends 'chord' ? UntypedSignature : undefined {
    // TypeScript does not follow that `kind` decides here as in the type.
    return (this.kind === 'chord' ? this.#other(headerOf(this.toJSON())) : undefined) as never;
  }

  /** What a chord runs with the results of its header. */
  get body(): Kind extends 'chord' ? UntypedSignature : undefined {
    return (this.kind === 'chord' ? this.#other(bodyOf(this.toJSON())) : undefined) as never;
  }

  /** The same with options set. Those of a chain are for its first step, but `taskId` names its result. */
  set(options: Omit<CallOptions, SharingName> = {}): this {
    return this.#with(extended(this[partOf], { options }));
  }

  /** The same with more arguments, put before those that it has, and with options set. */
  clone<Given extends Suffix<In> = []>(
    args?: Given,
    options: SignatureOptions = {},
  ): Signature<
    Missing<In, Given>,
    Out,
    Given extends readonly [] ? Takes : FirstOf<Missing<In, Given>>,
    Handle,
    Kind
  > {
    return new Signature({ ...this[partOf], json: extended(this[partOf], { args: args ?? [], options }) });
  }

  /**
   * Calls these with the result when it succeeds. A chain does so after its last step, a chord after its body; a group after its
   * first member, and without the result.
   */
  link(callbacks: Callback<Linked<Kind, Out>> | readonly Callback<Linked<Kind, Out>>[]): this {
    return this.#with(extended(this[partOf], { options: { link: callbacks } }));
  }

  /** Calls these with the id of the task that failed: any step of a chain, any member of a group, the body of a chord. */
  linkError(errbacks: AnySignature | SignatureJson | readonly (AnySignature | SignatureJson)[]): this {
    const errors = readParts(errbacks, 'linkError').map(({ json }) => json);
    return this.#with(withErrbacksOf(this[partOf], this.toJSON(), errors));
  }

  /** The same as `linkError`; in Celery only this one returns the signature. */
  onError(errback: AnySignature | SignatureJson): this {
    return this.linkError(errback);
  }

  /** Whether it leaves the result of a step before unused. In a workflow this is for what starts at once. */
  setImmutable<Immutable extends boolean>(
    immutable: Immutable,
  ): Immutable extends true
    ? Signature<[], Out, unknown, Handle, Kind>
    : Signature<In, Out, FirstOf<In>, Handle, Kind> {
    // The type follows the argument, which TypeScript does not see.
    return this.#with(withImmutable(this.toJSON(), immutable)) as never;
  }

  /** The same with the ids of every part, so that the results are known before it is started. `id` names its result. */
  freeze(id?: string): this {
    return this.#with(freeze(this.toJSON(), systemChance.newId, id));
  }

  /**
   * Starts it.
   *
   * @throws ArgumentsError (ARGUMENTS), EncodeError (ENCODE), PayloadTooLargeError (PAYLOAD_TOO_LARGE) before anything is
   * sent; OperationalError (OPERATIONAL) when the queue does not take it.
   */
  delay(...missing: In): Promise<Handle> {
    return this.#start(missing, {});
  }

  /** The same, with options: they win over those of the signature. A group has no `link`: use a chord. */
  applyAsync(missing: In, options: SignatureOptions = {}): Promise<Handle> {
    return this.#start(missing, options);
  }

  /** Runs it here and now, without any cloud. */
  apply(missing: In, options: SignatureOptions = {}): Promise<Handle> {
    return this.#start(missing, options, true);
  }

  /** The chain of this and what follows it. */
  pipe<Next extends AnySignature>(
    next: Next & Taking<Out, Next>,
  ): Signature<In, StepOut<Next>, Takes, StepHandle<Next>, 'chain'> {
    return new Signature(chained([this[partOf], readPart(next, 'the next step of a chain')]));
  }

  /**
   * Stamps every task in it, callbacks too, with headers by which they are found again: the same for all, or what a visitor says of
   * each. Stamps that are given win over those of the visitor.
   */
  stamp(visitor: StampingVisitor, headers?: StampHeaders): this;
  stamp(headers: StampHeaders): this;
  stamp(given: StampingVisitor | StampHeaders, more: StampHeaders = {}): this {
    const { visitor, headers } = readStamping(given, more);
    return this.#with(stamped(this.toJSON(), readStamps(headers), { visitor, show: this.#other }));
  }

  #start(missing: In, options: SignatureOptions, eagerly = false): Promise<Handle> {
    // Which kind of handle there is, a signature's types say from the beginning.
    return start(this[partOf], { missing, options, eagerly }) as Promise<Handle>;
  }

  #with(json: SignatureJson): this {
    // A signature has nothing but its part: the copy is what this is.
    return new Signature({ ...this[partOf], json }) as this;
  }

  readonly #other = (json: SignatureJson): UntypedSignature =>
    new Signature({ app: this[partOf].app, json, isLone: false });
}
