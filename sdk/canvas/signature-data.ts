import type { Json, JsonObject } from '../wire/json.ts';
import { kindOf, resultId, type SignatureJson, type SignatureKind } from '../wire/signature.ts';
import { type Part, partOf } from './part.ts';

/** What a signature says of itself. */
export class SignatureData<Kind extends SignatureKind = SignatureKind> {
  readonly [partOf]: Part;

  constructor(part: Part) {
    this[partOf] = part;
  }

  get kind(): Kind {
    // Whoever makes a signature tells its kind twice: by its JSON and by its type.
    return kindOf(this.toJSON()) as Kind;
  }

  /** The id under which the result will be found; undefined as long as none was given. */
  get id(): string | undefined {
    return resultId(this.toJSON());
  }

  /** The task's name; that of a workflow is Celery's, such as `celery.chain`. */
  get name(): string {
    return this.toJSON().task;
  }

  /** As they travel. */
  get args(): readonly Json[] {
    return this.toJSON().args;
  }

  get kwargs(): JsonObject {
    return this.toJSON().kwargs;
  }

  /** Under Celery's names. */
  get options(): JsonObject {
    return this.toJSON().options;
  }

  /** Whether it leaves the result of a step before unused. */
  get immutable(): boolean {
    return this.toJSON().immutable;
  }

  /**
   * Exactly Celery's keys, for other programs. The arguments are written as those of a task without a schema: a schema encodes them
   * when the signature is started.
   */
  toJSON(): SignatureJson {
    return this[partOf].json;
  }
}
