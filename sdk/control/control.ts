import type { AppCore } from '../app/app-core.ts';
import { ConfigurationError } from '../errors/index.ts';
import { type Json, writeJson } from '../wire/json.ts';
import { isTaskId } from '../wire/keys.ts';
import { byteLength } from '../wire/size.ts';
import { encodeValue } from '../wire/values.ts';
import { enlist, revokeTargets } from './revoke.ts';
import {
  type RevokeByHeadersOptions,
  type RevokeOptions,
  readByHeadersOptions,
  readRevokeOptions,
} from './revoke-options.ts';

/** Calls of a task, by its name. */
export interface CallsOfTask {
  readonly task: string;
}

/**
 * What can be done to calls that are made already, whoever has made them: `app.control`. A worker learns of it within a second.
 *
 * Mirrors {@link https://docs.celeryq.dev/en/stable/userguide/workers.html#revoke-revoking-tasks Celery's app.control}.
 *
 * @example
 * ```ts
 * import { Tallo } from 'tallo';
 * import { memoryCloud } from 'tallo/testing';
 *
 * const app = new Tallo('store');
 * const remind = app.task('carts.remind', (cart: string) => `Still interested? ${cart}`);
 * await using cloud = memoryCloud(app);
 *
 * const reminder = await remind.applyAsync(['c1'], { countdown: '2d' });
 * await app.control.revoke(reminder.id);
 * await cloud.advance('1s');
 * console.log(await reminder.state()); // REVOKED
 * ```
 */
export class Control {
  readonly #app: AppCore;

  constructor(app: AppCore) {
    this.#app = app;
  }

  /**
   * Revokes calls by their ids, also such as are made later, or every call of a task that was made before now. What has not begun will
   * never run: it becomes REVOKED, with the later steps of its chain, when its message comes up, and at once if it is
   * due in more than 15 minutes. What has ended stays as it is, and an unknown id does no harm. It holds for 15 days.
   *
   * Calls of a task that are due in more than 15 days are out of reach, and of more than 5,000 ids those after the first 5,000.
   *
   * @throws ConfigurationError (CONFIGURATION) for what is no id or option; OperationalError (OPERATIONAL).
   */
  async revoke(calls: string | Iterable<string> | CallsOfTask, options: RevokeOptions = {}): Promise<void> {
    const read = readRevokeOptions(options);
    if (typeof calls === 'object' && calls !== null && 'task' in calls) {
      const task = textOf(calls.task, 'the name of a task');
      return enlist(this.#app, (now) => [{ task, before: now }], read);
    }
    const ids = typeof calls === 'string' ? [calls] : listOf(calls);
    await revokeTargets(this.#app, { ids: [...new Set(ids.map(checkedId))], groups: [] }, read);
  }

  /**
   * Revokes calls that bear one of these stamps, or headers of their caller's own, with one of the values that are given for it:
   * those made before now that are due within 15 days, and those made for some time from now on.
   *
   * @throws ConfigurationError (CONFIGURATION), EncodeError (ENCODE), OperationalError (OPERATIONAL).
   * Mirrors {@link https://docs.celeryq.dev/en/stable/userguide/workers.html#revoke-by-stamped-headers-revoking-tasks-by-their-stamped-headers revoke_by_stamped_headers}.
   */
  async revokeByStampedHeaders(
    headers: Readonly<Record<string, unknown>>,
    options: RevokeByHeadersOptions = {},
  ): Promise<void> {
    const { forMs, ...read } = readByHeadersOptions(options);
    const named = Object.entries(headers).flatMap(([header, given]) =>
      valuesOf(header, given).map((value) => ({ header, value })),
    );
    if (named.length === 0)
      throw new ConfigurationError(
        "Expected at least one header with a value, such as { tenant: 'acme' }, got none.",
      );
    await enlist(this.#app, (now) => named.map((one) => ({ ...one, before: now + forMs })), read);
  }
}

/** What JavaScript gives is anything. */
function listOf(ids: Iterable<unknown>): readonly unknown[] {
  if (Symbol.iterator in Object(ids)) return [...ids];
  throw new ConfigurationError(
    `Expected ids of calls or { task }, got ${ids instanceof Object ? 'another object' : String(ids)}. A handle has a method revoke of its own.`,
  );
}

function checkedId(id: unknown): string {
  if (typeof id === 'string' && isTaskId(id)) return id;
  throw new ConfigurationError(
    `Expected the id of a call, a text, got ${JSON.stringify(id)?.slice(0, 100)}.`,
  );
}

function textOf(text: unknown, what: string): string {
  if (typeof text === 'string' && text !== '') return text;
  throw new ConfigurationError(`Expected ${what}, got ${JSON.stringify(text)}.`);
}

/** Each stands in the list, which is read by every worker. */
const maxValueBytes = 1_000;

function valuesOf(header: string, given: unknown): readonly Json[] {
  const json = encodeValue(given, `header '${header}'`);
  const values: readonly Json[] = Array.isArray(json) ? json : [json];
  const size = Math.max(byteLength(header), ...values.map((value) => byteLength(writeJson(value))));
  if (size <= maxValueBytes) return values;
  throw new ConfigurationError(
    `Expected each value of header '${header.slice(0, 100)}' to have at most ${maxValueBytes} bytes, got ${size}.`,
  );
}
