import { customHeaders, type Envelope } from '../wire/envelope.ts';
import { isJsonObject, type Json } from '../wire/json.ts';
import type { Entry, Subject } from './entry.ts';

/** What is said of a call that was revoked. */
export interface Revocation {
  /** A run of it is aborted. */
  readonly terminate: boolean;
}

/** What the list can know a call by. */
export type Called = Pick<Envelope, 'id' | 'group' | 'task' | 'headers'>;

/** The last instants of calls that are revoked, and of those whose runs are aborted; epoch milliseconds. */
interface Until {
  readonly revoked: number;
  readonly terminated: number;
}

const never: Until = { revoked: Number.NEGATIVE_INFINITY, terminated: Number.NEGATIVE_INFINITY };

/** What was revoked. A look at it takes the same time however long it is. */
export class RevokedList {
  readonly #until = new Map<string, Until>();
  #hasHeaders = false;

  get isEmpty(): boolean {
    return this.#until.size === 0;
  }

  add({ subject, terminate }: Entry): void {
    const key = keyOf(subject);
    const { revoked, terminated } = this.#until.get(key) ?? never;
    const until = 'before' in subject ? subject.before : Number.POSITIVE_INFINITY;
    this.#until.set(key, {
      revoked: Math.max(revoked, until),
      terminated: terminate ? Math.max(terminated, until) : terminated,
    });
    this.#hasHeaders ||= 'header' in subject;
  }

  /** Undefined: a call that was made at that instant (epoch milliseconds) is not revoked. */
  find(call: Called, callTime: number): Revocation | undefined {
    if (this.isEmpty) return undefined;
    const all = this.#keysOf(call).map((key) => this.#until.get(key) ?? never);
    if (!all.some(({ revoked }) => callTime <= revoked)) return undefined;
    return { terminate: all.some(({ terminated }) => callTime <= terminated) };
  }

  #keysOf(call: Called): readonly string[] {
    const { id, group, task } = call;
    return [
      keyOf({ id }),
      ...(group === null ? [] : [keyOf({ group })]),
      keyOf({ task, before: 0 }),
      ...(this.#hasHeaders ? headerKeys(call) : []),
    ];
  }
}

/** Stamps, and the caller's own headers. Of a list any member counts, as in Celery. */
function headerKeys(call: Called): readonly string[] {
  const { stamps = null } = call.headers;
  const named = [customHeaders(call), isJsonObject(stamps) ? stamps : {}].flatMap(Object.entries<Json>);
  return named.flatMap(([header, value]) => {
    const values: readonly Json[] = Array.isArray(value) ? [value, ...value] : [value];
    return values.map((one) => keyOf({ header, value: one, before: 0 }));
  });
}

function keyOf(subject: Subject): string {
  if ('id' in subject) return `id ${subject.id}`;
  if ('group' in subject) return `group ${subject.group}`;
  if ('task' in subject) return `task ${subject.task}`;
  return `header ${JSON.stringify([subject.header, subject.value])}`;
}
